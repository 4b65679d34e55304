from __future__ import annotations

import gzip
import io
import json
import tarfile
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from explorer.images.sample import stored_gzip
from explorer.model import Blob, Image

if TYPE_CHECKING:
    from tests.images.conftest import Make

Read = Callable[..., Image]
OCI_DIGEST = "sha256:235f30c6da9f4062c8b27cf16ad51cb95ea551c8d5fdb100c64863d275df720d"
DOCKER_DIGEST = "sha256:d721b2a69c20df5450400a80d1740673e664af0416479a16473c722b8bd985aa"


@pytest.mark.parametrize(("schema", "digest"), [(None, OCI_DIGEST), ("oci", OCI_DIGEST), ("docker", DOCKER_DIGEST)])
def test_the_sample_is_the_same_bytes_everywhere(read: Read, schema: str | None, digest: str) -> None:
    assert read("tiny", schema=schema).root.digest == digest


def test_the_sample_has_real_layers(read: Read) -> None:
    names = []
    for blob in read("tiny").blobs[:2]:
        assert isinstance(blob.body, bytes)
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(blob.body))) as tar:
            names += tar.getnames()
    assert names == ["etc/motd", "hello.txt"]


def test_the_sample_says_its_diff_ids(read: Read, body_of: Callable[[Blob], bytes], make: Make) -> None:
    *layers, config = [body_of(blob) for blob in read("tiny").blobs]
    said = json.loads(config)["rootfs"]["diff_ids"]
    assert said == [make.digest(gzip.decompress(layer)) for layer in layers]


def test_every_body_has_the_digest_that_names_it(read: Read, body_of: Callable[[Blob], bytes], make: Make) -> None:
    assert all(make.digest(body_of(blob)) == blob.digest for blob in read("tiny").blobs)


def test_compressing_changes_nothing_that_is_compressed(read: Read) -> None:
    assert read("tiny", gzip=True) == read("tiny")


def test_a_file_of_the_same_name_is_not_the_sample(read: Read, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    make.file("tiny", b"something else")
    monkeypatch.chdir(make.at)
    assert read("tiny").name == "tiny:latest"


def test_a_file_called_tiny_is_reached_by_its_path(
    problem: Callable[..., str], make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.file("tiny", b"something else")
    monkeypatch.chdir(make.at)
    assert "begins with 'something else'" in problem("./tiny")


def test_the_sample_is_the_only_one_to_choose(read: Read, problem: Callable[..., str]) -> None:
    assert read("tiny", choose="tiny:latest") == read("tiny")
    assert "no 'huge' to choose" in problem("tiny", choose="huge")


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 200000])
def test_stored_gzip_unpacks_to_what_it_was(size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    assert zlib.decompress(stored_gzip(data[:size]), 31) == data[:size]
