"""What is written around pulled blobs is an image, whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.errors import FormatError
from explorer.images import open_image
from explorer.images.destinations import ARCHIVE, LAYOUT, Destination
from explorer.images.documents import Descriptor
from explorer.images.files import read_part
from explorer.images.pulled import Pulled
from explorer.images.writing import write_image
from explorer.model import Image, Manifest, Slice
from explorer.spec.media_types import OCI_INDEX
from explorer.spec.references import parse_target

TARGET = parse_target("localhost:5000/demo/app:v1")
REF_NAME = "org.opencontainers.image.ref.name"


@pytest.fixture
def sample(tmp_path: Path) -> Image:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return open_image("tiny", scratch=scratch)


@pytest.fixture
def layout(tmp_path: Path) -> Destination:
    return Destination(tmp_path / "layout", LAYOUT)


@pytest.fixture
def archive(tmp_path: Path) -> Destination:
    return Destination(tmp_path / "app.tar", ARCHIVE)


def gathered(sample: Image, place: Destination) -> Pulled:
    """Put the blobs of an image where a pull puts them."""
    for blob in sample.blobs:
        path = place.folder / "blobs" / blob.digest.replace(":", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(read_part(blob.body, "") if isinstance(blob.body, Slice) else blob.body)
    blobs = (Descriptor(blob.media_type, blob.digest, blob.size, False, {}, "") for blob in sample.blobs)
    return Pulled((sample.root,), tuple(blobs))


def index_of(place: Destination) -> list[dict[str, object]]:
    entries = json.loads((place.path / "index.json").read_bytes())["manifests"]
    assert isinstance(entries, list)
    return entries


def test_a_layout_names_the_image_by_its_tag(sample: Image, layout: Destination, tmp_path: Path) -> None:
    said = write_image(gathered(sample, layout), layout, TARGET)
    assert said == f"{layout.path} is an OCI layout with the image v1."
    read = open_image(str(layout.path), choose="v1", scratch=tmp_path)
    assert (read.root, len(read.blobs)) == (sample.root, 3)


def test_what_is_written_is_private(sample: Image, layout: Destination) -> None:
    write_image(gathered(sample, layout), layout, TARGET)
    for name in ("index.json", "oci-layout"):
        assert stat.S_IMODE((layout.path / name).stat().st_mode) == 0o600


def test_a_layout_keeps_the_images_that_it_has(sample: Image, layout: Destination) -> None:
    pulled = gathered(sample, layout)
    other = {"mediaType": "x", "digest": f"sha256:{'0' * 64}", "size": 1, "annotations": {REF_NAME: "v0", "a": "b"}}
    (layout.path / "index.json").write_text(json.dumps({"schemaVersion": 2, "mine": 1, "manifests": [other]}))
    write_image(pulled, layout, TARGET)
    assert index_of(layout)[0] == other
    assert json.loads((layout.path / "index.json").read_bytes())["mine"] == 1


@pytest.mark.parametrize("more", [{}, {"a": "b"}])
def test_another_image_of_the_same_tag_stays_without_it(
    sample: Image, layout: Destination, more: dict[str, str]
) -> None:
    pulled = gathered(sample, layout)
    other = {"mediaType": "x", "digest": f"sha256:{'0' * 64}", "size": 1, "annotations": {REF_NAME: "v1", **more}}
    (layout.path / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [other]}))
    write_image(pulled, layout, TARGET)
    assert [entry.get("annotations") for entry in index_of(layout)] == [more or None, {REF_NAME: "v1"}]


def test_the_same_image_twice_is_there_once(sample: Image, layout: Destination) -> None:
    pulled = gathered(sample, layout)
    by_digest = replace(TARGET, reference=sample.root.digest)
    for target in (by_digest, by_digest, TARGET, TARGET, by_digest):
        write_image(pulled, layout, target)
    assert [entry.get("annotations") for entry in index_of(layout)] == [{REF_NAME: "v1"}]


def test_an_image_pulled_by_digest_has_no_name(sample: Image, layout: Destination) -> None:
    said = write_image(gathered(sample, layout), layout, replace(TARGET, reference=sample.root.digest))
    assert sample.root.digest in said
    assert "annotations" not in index_of(layout)[0]


def test_an_index_that_is_none_is_left_as_it_is(sample: Image, layout: Destination) -> None:
    pulled = gathered(sample, layout)
    (layout.path / "index.json").write_text("mine")
    with pytest.raises(FormatError, match=r"index\.json: it is no JSON"):
        write_image(pulled, layout, TARGET)
    assert (layout.path / "index.json").read_text() == "mine"


def test_a_damaged_blob_that_was_there_before_is_said(sample: Image, layout: Destination) -> None:
    digest = sample.blobs[0].digest
    pulled = replace(gathered(sample, layout), reused=(digest,))
    path = layout.folder / "blobs" / digest.replace(":", "/")
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(FormatError, match="is damaged"):
        write_image(pulled, layout, TARGET)
    assert not (layout.path / "index.json").exists()


def test_a_blob_that_was_there_before_and_is_right_is_used(sample: Image, layout: Destination) -> None:
    pulled = replace(gathered(sample, layout), reused=(sample.blobs[0].digest,))
    assert write_image(pulled, layout, TARGET)


def test_an_archive_is_read_back_as_the_same_image(sample: Image, archive: Destination, tmp_path: Path) -> None:
    said = write_image(gathered(sample, archive), archive, TARGET)
    assert said == f"{archive.path} is an archive of docker with the image localhost:5000/demo/app:v1."
    read = open_image(str(archive.path), choose="demo/app:v1", schema="oci", scratch=tmp_path)
    assert [blob.digest for blob in read.blobs] == [blob.digest for blob in sample.blobs]


def test_an_archive_names_config_layers_and_image(sample: Image, archive: Destination) -> None:
    write_image(gathered(sample, archive), archive, TARGET)
    with tarfile.open(archive.path) as tar:
        listing = tar.extractfile("manifest.json")
        assert listing
        [image] = json.load(listing)
        assert {image["Config"], *image["Layers"], "manifest.json"} == set(tar.getnames())
    assert image["RepoTags"] == ["localhost:5000/demo/app:v1"]
    assert image["Config"] == f"{sample.blobs[-1].digest.partition(':')[2]}.json"


def test_an_archive_is_private_and_leaves_nothing_beside_it(sample: Image, archive: Destination) -> None:
    write_image(gathered(sample, archive), archive, TARGET)
    assert stat.S_IMODE(archive.path.stat().st_mode) == 0o600
    assert not archive.folder.exists()


def test_what_else_lies_beside_an_archive_stays(sample: Image, archive: Destination) -> None:
    pulled = gathered(sample, archive)
    (archive.folder / "mine").touch()
    write_image(pulled, archive, TARGET)
    assert [path.name for path in archive.folder.iterdir()] == ["mine"]


def test_an_archive_by_digest_has_no_tags(sample: Image, archive: Destination) -> None:
    write_image(gathered(sample, archive), archive, replace(TARGET, reference=sample.root.digest))
    with tarfile.open(archive.path) as tar:
        listing = tar.extractfile("manifest.json")
        assert listing
        assert json.load(listing)[0]["RepoTags"] is None


def test_an_archive_that_exists_by_now_is_not_overwritten(sample: Image, archive: Destination) -> None:
    pulled = gathered(sample, archive)
    archive.path.write_text("mine")
    with pytest.raises(FormatError, match="is not overwritten"):
        write_image(pulled, archive, TARGET)
    assert archive.path.read_text() == "mine"


def test_an_archive_can_be_on_a_file_system_without_links(
    sample: Image, archive: Destination, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    write_image(gathered(sample, archive), archive, TARGET)
    assert tarfile.is_tarfile(archive.path)


def test_a_blob_that_is_gone_is_a_sentence(sample: Image, archive: Destination) -> None:
    pulled = gathered(sample, archive)
    (archive.folder / "blobs" / sample.blobs[0].digest.replace(":", "/")).unlink()
    with pytest.raises(FormatError, match="No such file"):
        write_image(pulled, archive, TARGET)
    assert not archive.path.exists()


def test_several_images_are_no_archive(sample: Image, archive: Destination) -> None:
    index = Manifest("sha256:0", OCI_INDEX, b'{"manifests":[]}')
    with pytest.raises(FormatError, match="holds one image"):
        write_image(replace(gathered(sample, archive), manifests=(index,)), archive, TARGET)


def test_an_ipv6_address_is_no_part_of_a_name(sample: Image, archive: Destination) -> None:
    assert "localhost/demo/app:v1" in write_image(
        gathered(sample, archive), archive, parse_target("[::1]:5000/demo/app:v1")
    )
