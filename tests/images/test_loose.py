from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from explorer.errors import FormatError
from explorer.images import open_loose
from explorer.spec.media_types import DOCKER_MANIFEST, OCI_MANIFEST

if TYPE_CHECKING:
    from tests.images.conftest import Make


@pytest.mark.parametrize(("schema", "media_type"), [(None, DOCKER_MANIFEST), ("oci", OCI_MANIFEST)])
def test_files_make_an_image(schema: str | None, media_type: str, make: Make, scratch: Path) -> None:
    layers = [make.file("a.tar", make.tar_of({"a": b"a"})), make.file("b", gzip.compress(b"b"))]
    image = open_loose(layers, make.file("config.json", b"{}"), schema=schema, scratch=scratch)
    assert (image.name, image.root.media_type) == ("loose:latest", media_type)
    assert [blob.media_type[-4:] for blob in image.blobs[:2]] == [".tar", "gzip"]


def test_zstd_is_told_by_its_first_bytes(make: Make, scratch: Path) -> None:
    layer = make.file("a.tar.gz", b"\x28\xb5\x2f\xfd rest")
    image = open_loose([layer], make.file("c", b"{}"), schema="oci", scratch=scratch)
    assert image.blobs[0].media_type.endswith("+zstd")


def test_a_layer_given_twice_is_named_twice_and_pushed_once(make: Make, scratch: Path) -> None:
    layer = make.file("a", b"a")
    image = open_loose([layer, layer], make.file("c", b"{}"), gzip=True, scratch=scratch)
    assert (len(json.loads(image.root.body)["layers"]), len(image.blobs)) == (2, 2)


def test_an_empty_layer_is_no_obstacle(make: Make, scratch: Path) -> None:
    assert open_loose([make.file("a", b"")], make.file("c", b"{}"), scratch=scratch).blobs[0].size == 0


@pytest.mark.parametrize(
    ("config", "said"), [(b"[]", "a JSON object was expected"), (b" " * 4194305, "at most 4194304")]
)
def test_a_config_that_is_none_is_refused(config: bytes, said: str, make: Make, scratch: Path) -> None:
    with pytest.raises(FormatError, match=said):
        open_loose([], make.file("c", config), scratch=scratch)


def test_a_file_that_is_not_there_is_named(make: Make, scratch: Path) -> None:
    with pytest.raises(FormatError, match="nowhere: there is no such file; it is to be a layer"):
        open_loose(["nowhere"], make.file("c", b"{}"), scratch=scratch)


def test_a_folder_is_no_layer(make: Make, scratch: Path) -> None:
    with pytest.raises(FormatError, match="is not a regular file"):
        open_loose([str(scratch)], make.file("c", b"{}"), scratch=scratch)
