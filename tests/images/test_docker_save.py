from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from explorer.model import Blob, Image, Slice
from explorer.spec.media_types import DOCKER_MANIFEST, OCI_MANIFEST

if TYPE_CHECKING:
    from tests.images.conftest import Files, Link, Make

Read = Callable[..., Image]
Problem = Callable[..., str]
LAYER = b"layer one " * 60
OTHER = gzip.compress(b"layer two", mtime=0)
ENTRY = {"Config": "c.json", "RepoTags": ["demo/app:v1"], "Layers": ["one/layer.tar", "two/layer.tar"]}


@pytest.fixture
def archive(make: Make) -> dict[str, bytes | Link]:
    return make.saved(ENTRY, **{"c.json": b'{"os": "linux"}', "one/layer.tar": LAYER, "two/layer.tar": OTHER})


@pytest.mark.parametrize("kind", ["tar", "folder"])
def test_an_archive_is_read_packed_or_unpacked(kind: str, read: Read, make: Make, archive: Files) -> None:
    image = read(getattr(make, kind)(archive))
    assert [blob.digest for blob in image.blobs] == [
        make.digest(LAYER),
        make.digest(OTHER),
        make.digest(b'{"os": "linux"}'),
    ]


def test_layers_stay_where_they_are(read: Read, make: Make, archive: Files, body_of: Callable[[Blob], bytes]) -> None:
    source = make.tar(archive)
    layer = read(source).blobs[0]
    assert isinstance(layer.body, Slice)
    assert (layer.body.path, layer.body.source) == (source, "one/layer.tar in source.tar")
    assert body_of(layer) == LAYER


def test_layers_are_named_after_their_compression(read: Read, make: Make, archive: Files) -> None:
    types = [blob.media_type.rpartition(".")[2] for blob in read(make.tar(archive)).blobs[:2]]
    assert types == ["tar", "gzip"]


@pytest.mark.parametrize(
    ("schema", "media_type"), [(None, DOCKER_MANIFEST), ("docker", DOCKER_MANIFEST), ("oci", OCI_MANIFEST)]
)
def test_the_manifest_is_dockers_unless_oci_is_asked_for(
    schema: str | None, media_type: str, read: Read, make: Make, archive: Files
) -> None:
    root = read(make.tar(archive), schema=schema).root
    assert root.media_type == media_type == json.loads(root.body)["mediaType"]


def test_the_manifest_names_every_part(read: Read, make: Make, archive: Files) -> None:
    image = read(make.tar(archive))
    content = json.loads(image.root.body)
    said = [(part["mediaType"], part["digest"], part["size"]) for part in [*content["layers"], content["config"]]]
    assert said == [(blob.media_type, blob.digest, blob.size) for blob in image.blobs]


def test_an_archive_compressed_as_a_whole_is_unpacked_privately(
    read: Read, make: Make, archive: Files, scratch: Path
) -> None:
    image = read(make.file("app.tar.gz", gzip.compress(make.tar_of(archive))))
    body = image.blobs[0].body
    assert isinstance(body, Slice)
    assert Path(body.path).parent == scratch
    assert Path(body.path).stat().st_mode & 0o777 == 0o600


def test_compressing_sends_what_it_compressed(
    read: Read, make: Make, archive: Files, body_of: Callable[[Blob], bytes]
) -> None:
    layer = read(make.tar(archive), gzip=True).blobs[0]
    assert gzip.decompress(body_of(layer)) == LAYER
    assert layer.digest == make.digest(body_of(layer))
    assert layer.media_type.endswith(".gzip")


@pytest.mark.parametrize("kind", ["tar", "folder"])
@pytest.mark.parametrize("target", ["../one/layer.tar", "../chain"])
def test_a_layer_that_links_to_another_is_that_one(
    kind: str, target: str, read: Read, make: Make, archive: Files
) -> None:
    linked = {**archive, "two/layer.tar": make.link(target), "chain": make.link("./one/layer.tar")}
    image = read(getattr(make, kind)(linked))
    assert [blob.digest for blob in image.blobs][:-1] == [make.digest(LAYER)]
    assert len(json.loads(image.root.body)["layers"]) == 2


def test_a_hard_link_counts_from_the_top(read: Read, make: Make, archive: Files) -> None:
    linked = {**archive, "two/layer.tar": make.link("one/layer.tar", hard=True)}
    assert len(read(make.tar(linked)).blobs) == 2


def test_names_may_begin_with_a_dot(read: Read, make: Make, archive: Files) -> None:
    dotted = {f"./{name}": content for name, content in archive.items()}
    assert read(make.tar(dotted)).name == "demo/app:v1"


@pytest.mark.parametrize("layers", [None, []])
def test_an_image_may_have_no_layers(layers: object, read: Read, make: Make) -> None:
    source = make.tar(make.saved({"Config": "c.json", "RepoTags": None, "Layers": layers}, **{"c.json": b"{}"}))
    assert [blob.name for blob in read(source).blobs] == ["config"]


def test_progress_ends_with_every_byte(read: Read, make: Make, archive: Files) -> None:
    told: list[tuple[int, int]] = []
    read(make.tar(archive), progress=lambda done, total: told.append((done, total)))
    total = len(LAYER) + len(OTHER) + len(b'{"os": "linux"}')
    assert told[-1] == (total, total)


def test_progress_may_stop_the_work(read: Read, make: Make, archive: Files) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt(done, total)

    with pytest.raises(KeyboardInterrupt):
        read(make.tar(archive), progress=stop)


class TestSeveralImages:
    @pytest.fixture
    def source(self, make: Make) -> str:
        first = {
            "Config": f"{'a' * 64}.json",
            "RepoTags": ["docker.io/library/alpine:3.19", "alpine:old"],
            "Layers": ["l"],
        }
        second = {"Config": "b.json", "RepoTags": ["quay.io/demo/app:v1"], "Layers": ["l"]}
        again = {"Config": "b.json", "RepoTags": ["again"], "Layers": ["l"]}
        return make.tar(
            make.saved(first, second, again, **{f"{'a' * 64}.json": b"{}", "b.json": b'{"b": 1}', "l": b"l"})
        )

    def test_without_a_choice_they_are_listed(self, source: str, problem: Problem) -> None:
        sentence = problem(source)
        assert "holds 2 images" in sentence
        assert "docker.io/library/alpine:3.19 = alpine:old; quay.io/demo/app:v1 = again" in sentence

    @pytest.mark.parametrize(
        ("choose", "name"),
        [
            ("docker.io/library/alpine:3.19", "alpine:3.19"),
            ("alpine:3.19", "alpine:3.19"),
            ("alpine", "alpine:3.19"),
            ("docker.io/alpine", "alpine:3.19"),
            ("sha256:" + "a" * 64, "alpine:3.19"),
            ("demo/app", "demo/app:v1"),
            ("quay.io/demo/app", "demo/app:v1"),
            ("again:latest", "demo/app:v1"),
        ],
    )
    def test_a_choice_is_found(self, choose: str, name: str, source: str, read: Read) -> None:
        assert read(source, choose=choose).name == name

    @pytest.mark.parametrize("choose", ["gcr.io/demo/app", "app", "alpine:3.20", "", "v1"])
    def test_a_choice_that_is_not_there_is_said(self, choose: str, source: str, problem: Problem) -> None:
        assert f"holds no image '{choose}', but docker.io/library/alpine:3.19" in problem(source, choose=choose)

    def test_a_choice_that_fits_two_is_refused(self, make: Make, problem: Problem) -> None:
        images = [{"Config": f"{tag}.json", "RepoTags": [f"app:{tag}"], "Layers": []} for tag in ("v1", "v2")]
        assert "fits several images" in problem(make.tar(make.saved(*images)), choose="app")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"one/layer.tar": None}, "holds no 'one/layer.tar', which is layer 1 in manifest.json, image 1"),
        ({"c.json": None}, "holds no 'c.json', which is the config in manifest.json, image 1"),
        ({"c.json": b"{"}, "c.json: it is no JSON"),
        ({"c.json": b"[]"}, "c.json: a JSON object was expected, and this is a list"),
        ({"c.json": b"\xff\xfe"}, "c.json: it is no JSON that can be read"),
        ({"manifest.json": b"not JSON"}, "manifest.json: it is no JSON: Expecting value at line 1, column 1"),
        ({"manifest.json": b'[{"Config": NaN}]'}, "NaN is not a JSON value"),
        ({"manifest.json": b"{}"}, "a list was expected, and this is an object"),
        ({"manifest.json": b"[]"}, "the list of images is empty"),
        ({"manifest.json": b"[7]"}, "image 1: a JSON object was expected, and this is a number"),
        ({"manifest.json": b'["x"]'}, "image 1: a JSON object was expected, and this is the text 'x'"),
        ({"manifest.json": b"[{}]"}, "image 1, Config: a text was expected, and this is null or missing"),
        ({"manifest.json": b'[{"Config": "c.json", "Layers": true}]'}, "Layers: a list was expected"),
        ({"manifest.json": b'[{"Config": "c.json", "RepoTags": [1]}]'}, "RepoTags: a text was expected"),
        ({"manifest.json": b"[" * 100_000}, "nested too deeply"),
        ({"manifest.json": b" " * (4 * 1024 * 1024 + 1)}, "may have at most 4194304 (4 MiB)"),
    ],
)
@pytest.mark.parametrize("kind", ["tar", "folder"])
def test_what_is_wrong_is_named(
    kind: str, change: dict[str, bytes | None], said: str, make: Make, archive: Files, problem: Problem
) -> None:
    files = {name: content for name, content in {**archive, **change}.items() if content is not None}
    assert said in problem(getattr(make, kind)(files))


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "one/../../x", "..", ".", "", "a\0b"])
@pytest.mark.parametrize("kind", ["tar", "folder"])
def test_a_path_that_leads_out_is_refused(kind: str, name: str, make: Make, archive: Files, problem: Problem) -> None:
    archive = {**archive, **make.saved({**ENTRY, "Layers": [name]})}
    assert "leads out of the" in problem(getattr(make, kind)(archive))


@pytest.mark.parametrize("target", ["../../../../../../../../etc/passwd", "/etc/passwd"])
@pytest.mark.parametrize("kind", ["tar", "folder"])
def test_a_link_that_leads_out_is_refused(kind: str, target: str, make: Make, archive: Files, problem: Problem) -> None:
    files = {**archive, "two/layer.tar": make.link(target)}
    assert "leads out of the" in problem(getattr(make, kind)(files))


@pytest.mark.parametrize("kind", ["tar", "folder"])
def test_links_in_a_circle_are_refused(kind: str, make: Make, archive: Files, problem: Problem) -> None:
    files = {**archive, "one/layer.tar": make.link("../two/layer.tar"), "two/layer.tar": make.link("../one/layer.tar")}
    assert "lead in a circle" in problem(getattr(make, kind)(files))


@pytest.mark.parametrize("kind", ["tar", "folder"])
def test_a_link_to_nothing_is_named(kind: str, make: Make, archive: Files, problem: Problem) -> None:
    files = {**archive, "two/layer.tar": make.link("../three/layer.tar")}
    assert "which is layer 2 in manifest.json" in problem(getattr(make, kind)(files))


def test_signs_that_a_terminal_would_obey_are_shown_escaped(make: Make, problem: Problem) -> None:
    sentence = problem(make.tar(make.saved({**ENTRY, "Config": "\x1b]52;c\x07" + "x" * 200})))
    assert r"'\x1b]52;c\x07xxx" in sentence
    assert "xxx…'" in sentence


def test_a_very_old_archive_is_said_to_be_one(make: Make, problem: Problem) -> None:
    assert "docker before 1.10" in problem(make.tar({"repositories": b"{}", "abc/layer.tar": LAYER}))
