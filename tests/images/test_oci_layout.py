from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from explorer.model import Blob, Image, Slice

if TYPE_CHECKING:
    from tests.images.conftest import Layout, Make

Read = Callable[..., Image]
Problem = Callable[..., str]
REF = "org.opencontainers.image.ref.name"
FULL = "io.containerd.image.name"
INDEX_TYPE = "application/vnd.oci.image.index.v1+json"
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"


@pytest.fixture
def layout(make: Make) -> Layout:
    return make.layout()


def on(platform: str) -> dict[str, str]:
    return dict(zip(("os", "architecture", "variant"), platform.split("/"), strict=False))


def both_platforms(layout: Layout) -> tuple[dict[str, object], dict[str, object]]:
    shared = layout.layer("shared")
    amd = layout.image(shared, layout.layer("amd"), note="amd", platform=on("linux/amd64"))
    arm = layout.image(shared, layout.layer("arm"), note="arm", platform=on("linux/arm64/v8"))
    return amd, arm


@pytest.mark.parametrize("kind", ["tar", "folder"])
def test_a_layout_is_read_packed_or_unpacked(kind: str, read: Read, make: Make, layout: Layout) -> None:
    image = layout.image(layout.layer("one"), layout.layer("two"))
    found = read(getattr(make, kind)(layout.roots(image)))
    assert [blob.name for blob in found.blobs] == ["layer 1", "layer 2", "config"]
    assert [manifest.digest for manifest in found.manifests] == [image["digest"]]


def test_bodies_are_the_bytes_that_their_digests_name(
    read: Read, make: Make, layout: Layout, body_of: Callable[[Blob], bytes]
) -> None:
    image = read(make.tar(layout.roots(layout.image(layout.layer("one")))))
    assert all(make.digest(body_of(blob)) == blob.digest for blob in image.blobs)
    assert all(isinstance(blob.body, Slice) and f"sha256:{blob.body.sha256}" == blob.digest for blob in image.blobs)


def test_an_index_is_pushed_whole_and_last(read: Read, make: Make, layout: Layout) -> None:
    amd, arm = both_platforms(layout)
    index = layout.index(amd, arm)
    image = read(make.tar(layout.roots(index)))
    assert [manifest.digest for manifest in image.manifests] == [amd["digest"], arm["digest"], index["digest"]]


def test_a_blob_that_two_platforms_share_is_pushed_once(read: Read, make: Make, layout: Layout) -> None:
    image = read(make.tar(layout.roots(layout.index(*both_platforms(layout)))))
    assert [blob.name for blob in image.blobs] == [
        "linux/amd64, layer 1",
        "linux/amd64, layer 2",
        "linux/amd64, config",
        "linux/arm64/v8, layer 2",
        "linux/arm64/v8, config",
    ]


def test_indexes_lie_within_indexes(read: Read, make: Make, layout: Layout) -> None:
    image = layout.image(layout.layer("one"))
    inner = layout.index(image)
    outer = layout.index(inner, image)
    found = read(make.folder(layout.roots(outer)))
    assert [manifest.digest for manifest in found.manifests] == [image["digest"], inner["digest"], outer["digest"]]


def test_an_attestation_is_a_child_like_others(read: Read, make: Make, layout: Layout) -> None:
    image = layout.image(layout.layer("one"), platform=on("linux/amd64"))
    proof = layout.blob(b"{}", "application/vnd.in-toto+json")
    attestation = layout.image(proof, note="attestation", platform=on("unknown/unknown"))
    found = read(make.tar(layout.roots(layout.index(image, attestation))))
    assert "attestation, layer 1" in [blob.name for blob in found.blobs]
    assert len(found.manifests) == 3


def test_a_child_without_a_platform_goes_by_its_digest(read: Read, make: Make, layout: Layout) -> None:
    image = layout.image(layout.layer("one"))
    found = read(make.tar(layout.roots(layout.index(image))))
    assert found.blobs[-1].name == f"{str(image['digest'])[7:19]}, config"


def test_a_foreign_layer_that_is_elsewhere_is_left_out(read: Read, make: Make, layout: Layout) -> None:
    there = layout.layer("there", urls=["https://example.com/there"])
    away = layout.layer("away", urls=["https://example.com/away"])
    files = layout.roots(layout.image(there, away))
    del files["blobs/" + str(away["digest"]).replace(":", "/")]
    assert [blob.name for blob in read(make.tar(files)).blobs] == ["layer 1", "config"]


def test_sha512_is_a_digest_as_well(read: Read, make: Make, layout: Layout) -> None:
    data = b"a layer"
    digest = "sha512:" + hashlib.sha512(data).hexdigest()
    layout.files["blobs/" + digest.replace(":", "/")] = data
    layer: dict[str, object] = {"mediaType": "x", "digest": digest, "size": len(data)}
    blob = read(make.tar(layout.roots(layout.image(layer)))).blobs[0]
    assert isinstance(blob.body, Slice)
    assert (blob.digest, blob.body.sha256) == (digest, None)


@pytest.mark.parametrize("media_type", ["", None])
def test_a_type_that_goes_unsaid_is_told_by_the_content(
    media_type: str | None, read: Read, make: Make, layout: Layout
) -> None:
    config = layout.blob(b"{}", "c")
    image = layout.document({"schemaVersion": 2, "config": config, "layers": []}, "")
    index = layout.document({"schemaVersion": 2, "manifests": [image]}, "")
    if media_type is None:
        del index["mediaType"]
    found = read(make.tar(layout.roots(index)))
    assert [manifest.media_type for manifest in found.manifests] == [MANIFEST_TYPE, INDEX_TYPE]


@pytest.mark.parametrize(
    ("annotations", "file", "name"),
    [
        ({}, "tiny-app.tar", "tiny-app:latest"),
        ({REF: "v1"}, "app.tar", "app:v1"),
        ({REF: "latest", FULL: "docker.io/library/alpine:3.19"}, "x.tar", "alpine:3.19"),
        ({REF: "ghcr.io/Demo/My App:V 1"}, "x.tar", "demo/my-app:V-1"),
        ({REF: "localhost:5000/app"}, "x.tar", "app:latest"),
        ({REF: "demo/app@sha256:" + "a" * 64}, "x.tar", "demo/app:latest"),
        ({}, "My__App..1.oci.tar", "my__app-1:latest"),
        ({}, "日本.tar", "image:latest"),
        ({REF: "-.-"}, "x.tar", "x:latest"),
    ],
)
def test_a_name_is_suggested(
    annotations: dict[str, str], file: str, name: str, read: Read, make: Make, layout: Layout
) -> None:
    root = layout.image(layout.layer("one"), annotations=annotations)
    assert read(make.tar(layout.roots(root), file)).name == name


@pytest.mark.parametrize("source", [".", "../app"])
def test_a_folder_gives_its_name(
    source: str, read: Read, make: Make, layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make.folder(layout.roots(layout.image()), "app"))
    assert read(source).name == "app:latest"


class TestSeveralRoots:
    @pytest.fixture
    def source(self, make: Make, layout: Layout) -> str:
        amd, arm = both_platforms(layout)
        index = layout.index(amd, arm)
        return make.tar(
            layout.roots(
                {**index, "annotations": {REF: "v1", FULL: "docker.io/demo/app:v1"}},
                {**index, "annotations": {REF: "latest", FULL: "docker.io/demo/app:latest"}},
                layout.image(note="other", annotations={REF: "other"}),
                layout.image(note="nameless"),
            )
        )

    def test_several_names_of_one_digest_are_one_image(self, source: str, problem: Problem) -> None:
        sentence = problem(source)
        assert "holds 3 images" in sentence
        assert "docker.io/demo/app:v1 = v1 = docker.io/demo/app:latest = latest; other; sha256:" in sentence

    @pytest.mark.parametrize(
        ("choose", "name", "count"),
        [
            ("other", "source:other", 1),
            ("v1", "demo/app:v1", 3),
            ("demo/app:latest", "demo/app:latest", 3),
            ("latest", "demo/app:latest", 3),
            ("demo/app", "demo/app:v1", 3),
            ("linux/amd64", "demo/app:v1", 1),
            ("linux/arm64", "demo/app:v1", 1),
            ("linux/arm64/v8", "demo/app:v1", 1),
        ],
    )
    def test_a_choice_is_found(self, choose: str, name: str, count: int, source: str, read: Read) -> None:
        image = read(source, choose=choose)
        assert (image.name, len(image.manifests)) == (name, count)

    @pytest.mark.parametrize("place", [0, 1, 2])
    def test_any_manifest_can_be_chosen_by_its_digest(self, place: int, source: str, read: Read) -> None:
        digest = read(source, choose="v1").manifests[place].digest
        assert read(source, choose=digest).root.digest == digest

    def test_a_choice_that_is_not_there_is_said_with_what_is(self, source: str, problem: Problem) -> None:
        sentence = problem(source, choose="linux/s390x")
        assert "holds no image 'linux/s390x', but" in sentence
        assert "linux/arm64/v8 = linux/arm64" in sentence


class TestAnIndexWithHoles:
    @pytest.fixture
    def source(self, make: Make, layout: Layout) -> str:
        amd, arm = both_platforms(layout)
        files = layout.roots(layout.index(amd, arm, annotations={REF: "demo/app:v1"}))
        del files["blobs/" + str(arm["digest"]).replace(":", "/")]
        return make.tar(files)

    def test_the_missing_child_is_named_with_those_that_are_there(self, source: str, problem: Problem) -> None:
        sentence = problem(source)
        assert "the index names linux/arm64/v8 (sha256:" in sentence
        assert "choose one that is there: linux/amd64 (sha256:" in sentence

    def test_a_child_that_is_there_can_be_chosen(self, source: str, read: Read) -> None:
        image = read(source, choose="linux/amd64")
        assert (image.name, len(image.manifests)) == ("demo/app:v1", 1)

    def test_one_that_is_missing_is_named_when_chosen(self, source: str, problem: Problem) -> None:
        assert "which is the manifest linux/arm64/v8" in problem(source, choose="linux/arm64/v8")

    def test_without_any_child_the_advice_is_to_save_again(self, make: Make, layout: Layout, problem: Problem) -> None:
        gone = layout.image()
        files = layout.roots(layout.index(gone))
        del files["blobs/" + str(gone["digest"]).replace(":", "/")]
        assert "save the image again" in problem(make.tar(files))

    def test_a_missing_root_has_no_children_to_choose(self, make: Make, layout: Layout, problem: Problem) -> None:
        root = layout.image()
        files = layout.roots(root)
        del files["blobs/" + str(root["digest"]).replace(":", "/")]
        assert "holds no image 'linux/amd64', but sha256:" in problem(make.tar(files), choose="linux/amd64")


def test_a_missing_blob_is_named(make: Make, layout: Layout, problem: Problem) -> None:
    layer = layout.layer("one")
    files = layout.roots(layout.image(layer))
    path = "blobs/" + str(layer["digest"]).replace(":", "/")
    del files[path]
    assert f"holds no '{path}', which is the layer 1 of the manifest blobs/sha256/" in problem(make.tar(files))


@pytest.mark.parametrize("size", [0, 1, 10**30])
def test_a_size_that_differs_is_said_with_both(size: int, make: Make, layout: Layout, problem: Problem) -> None:
    layer = layout.blob(b"twelve bytes", "x")
    sentence = problem(make.tar(layout.roots(layout.image({**layer, "size": size}))))
    assert f"it has 12 bytes, and {size} are said" in sentence


def test_a_manifest_that_was_changed_is_noticed(make: Make, layout: Layout, problem: Problem) -> None:
    root = layout.image()
    files = layout.roots(root)
    path = "blobs/" + str(root["digest"]).replace(":", "/")
    files[path] = files[path].replace(b"2", b"3", 1)
    assert "should have the digest in its name, but have sha256:" in problem(make.tar(files))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"digest": "sha256:../../../etc/passwd"}, "is not a digest"),
        ({"digest": "md5:abc"}, "is not a digest: its algorithm md5"),
        ({"digest": None}, "digest: a text was expected, and this is null or missing"),
        ({"size": None}, "should be a number of bytes, and this is null or missing"),
        ({"size": -1}, "should be a number of bytes"),
        ({"size": True}, "this is true or false"),
        ({"size": 1.5}, "should be a number of bytes"),
        ({"mediaType": 5}, "mediaType: a text was expected"),
    ],
)
def test_a_bad_descriptor_is_named(
    change: dict[str, object], said: str, make: Make, layout: Layout, problem: Problem
) -> None:
    sentence = problem(make.tar(layout.roots({**layout.image(), **change})))
    assert "index.json, manifests[0]" in sentence
    assert said in sentence


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"config": {}, "layers": [], "manifests": []}, "an index and a manifest at once"),
        ({"mediaType": "application/x", "layers": []}, "media type is 'application/x', which is no image manifest"),
        ({"mediaType": ["a"], "layers": []}, "media type is ['a']"),
        ({"mediaType": INDEX_TYPE, "layers": []}, "does not hold what belongs to that"),
        ({"mediaType": MANIFEST_TYPE, "manifests": []}, "does not hold what belongs to that"),
        ({"layers": []}, "config: a JSON object was expected"),
        ({"config": {"digest": "sha256:" + "a" * 64, "size": 1}}, "layers: a list was expected"),
    ],
)
def test_a_document_that_is_no_manifest_is_refused(
    content: dict[str, object], said: str, make: Make, layout: Layout, problem: Problem
) -> None:
    assert said in problem(make.tar(layout.roots(layout.document(content, ""))))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("index.json", b"[]", "index.json: a JSON object was expected"),
        ("index.json", b"{}", "index.json, manifests: a list was expected"),
        ("index.json", b'{"manifests": []}', "names no manifest"),
        ("oci-layout", b"x", "oci-layout: it is no JSON"),
        ("oci-layout", b"{}", "should be of version 1.0.0, and this says None"),
        ("oci-layout", b'{"imageLayoutVersion": "2.0.0"}', "this says '2.0.0'"),
    ],
)
def test_a_bad_top_is_named(name: str, data: bytes, said: str, make: Make, layout: Layout, problem: Problem) -> None:
    assert said in problem(make.tar({**layout.roots(layout.image()), name: data}))


def test_a_layout_without_its_mark_is_read_all_the_same(read: Read, make: Make, layout: Layout) -> None:
    files = layout.roots(layout.image())
    del files["oci-layout"]
    assert read(make.tar(files)).root


def test_a_layout_without_its_index_is_said_to_be_one(make: Make, layout: Layout, problem: Problem) -> None:
    assert "the index.json that belongs to it is missing" in problem(make.tar(layout.files))


def test_a_manifest_too_big_to_be_one_is_refused(make: Make, layout: Layout, problem: Problem) -> None:
    root = layout.blob(b" " * (4 * 1024 * 1024 + 1), MANIFEST_TYPE)
    assert "at most 4194304" in problem(make.tar(layout.roots(root)))


def test_indexes_too_deep_are_refused(make: Make, layout: Layout, problem: Problem) -> None:
    root = layout.image()
    for _ in range(20):
        root = layout.index(root)
    assert "more than 16 deep" in problem(make.tar(layout.roots(root)))


def test_a_new_archive_of_docker_is_pushed_by_its_own_manifests(read: Read, make: Make, layout: Layout) -> None:
    layer = layout.layer("one", packed=False)
    root = layout.image(layer, annotations={FULL: "docker.io/library/alpine:latest", REF: "latest"})
    path = "blobs/" + str(layer["digest"]).replace(":", "/")
    files = {**layout.roots(root), **make.saved({"Config": "c", "RepoTags": ["alpine:latest"], "Layers": [path]})}
    image = read(make.tar(files))
    assert (image.name, image.root.digest) == ("alpine:latest", root["digest"])


def test_a_blob_that_is_a_folder_is_refused(make: Make, layout: Layout, problem: Problem) -> None:
    root = layout.image()
    files = layout.roots(root)
    path = "blobs/" + str(root["digest"]).replace(":", "/")
    del files[path]
    source = make.folder(files)
    (Path(source) / path).mkdir(parents=True)
    assert "it is not a regular file" in problem(source)


def test_annotations_of_an_odd_shape_are_passed_over(read: Read, make: Make, layout: Layout) -> None:
    odd: dict[str, object] = {**layout.image(), "annotations": [], "platform": "linux"}
    assert read(make.tar(layout.roots(odd))).name == "source:latest"
    assert json.loads(layout.files["index.json"])["manifests"][0]["platform"] == "linux"
