from __future__ import annotations

import errno
import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from explorer.errors import InputError
from explorer.model import Image

if TYPE_CHECKING:
    from tests.images.conftest import Make

Read = Callable[..., Image]
Problem = Callable[..., str]


@pytest.fixture
def whole(make: Make) -> bytes:
    files = make.saved(
        {"Config": "c.json", "RepoTags": [], "Layers": ["l"]}, **{"c.json": b"{}", "l": os.urandom(5000)}
    )
    return gzip.compress(make.tar_of(files), mtime=0)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it is empty"),
        (b"hello, world", "begins with 'hello, world'"),
        (b"\x1b[2Jx" * 200, r"begins with '\x1b[2Jx"),
        (b"BZh91AY", "compressed by bzip2"),
        (b"\xfd7zXZ\0", "compressed by xz"),
        (b"\x28\xb5\x2f\xfd", "compressed by zstd"),
        (b"PK\x03\x04", "a zip file"),
        (b'{"schemaVersion": 2}', "perhaps a lone manifest or config"),
        (b'[{"Config": ""}]', "perhaps a manifest.json by itself"),
        (gzip.compress(b"hello", mtime=0), "what it holds, unpacked by gunzip, is no image: it begins with 'hello'"),
        (gzip.compress(gzip.compress(b"hello", mtime=0), mtime=0), "it begins with '\\x1f\\x8b"),
        (gzip.compress(b"", mtime=0), "unpacked by gunzip, is empty"),
        (b"\x1f\x8b rest of the header", "the gzip data is damaged"),
        (bytes(10240), "it is empty"),
    ],
)
def test_a_file_that_is_no_image_is_said_to_be_what_it_is(data: bytes, said: str, make: Make, problem: Problem) -> None:
    assert said in problem(make.file("source.tar", data))


def test_gzip_is_told_by_its_bytes_not_by_its_name(whole: bytes, make: Make, read: Read) -> None:
    assert len(read(make.file("image.txt", whole)).blobs) == 2


def test_gzip_in_two_members_is_one_file(whole: bytes, make: Make, read: Read) -> None:
    tar = gzip.decompress(whole)
    assert read(make.file("x", gzip.compress(tar[:700]) + gzip.compress(tar[700:]))).blobs


@pytest.mark.parametrize("kept", [1000, -1, -8, -20])
def test_a_gzip_file_that_is_cut_off_is_noticed(kept: int, whole: bytes, make: Make, problem: Problem) -> None:
    assert "the gzip data is cut off" in problem(make.file("x", whole[:kept]))


@pytest.mark.parametrize("place", [2000, -6])
def test_a_gzip_file_that_is_damaged_is_noticed(place: int, whole: bytes, make: Make, problem: Problem) -> None:
    damaged = bytearray(whole)
    damaged[place] ^= 0xFF
    assert "gzip data is" in problem(make.file("x", bytes(damaged)))


def test_unpacking_tells_its_progress(whole: bytes, make: Make, read: Read) -> None:
    told: list[tuple[int, int]] = []
    read(make.file("x", whole), progress=lambda done, total: told.append((done, total)))
    assert (len(whole), len(whole)) in told


def test_a_source_that_is_not_there_is_said(problem: Problem) -> None:
    assert "nowhere: there is no such file or folder" in problem("nowhere")


@pytest.mark.parametrize("source", ["", "a\0b", "x" * 5000])
def test_a_source_that_no_path_can_be_is_said(source: str, problem: Problem) -> None:
    assert problem(source)


def test_a_pipe_is_not_waited_for(make: Make, problem: Problem) -> None:
    os.mkfifo(make.at / "pipe")
    assert "neither a regular file nor a folder" in problem(str(make.at / "pipe"))


def test_a_pipe_in_a_folder_is_not_waited_for(make: Make, problem: Problem) -> None:
    source = make.folder({"x": b""})
    os.mkfifo(Path(source) / "manifest.json")
    assert "it is not a regular file" in problem(source)


@pytest.mark.parametrize("kind", ["tar", "folder"])
def test_files_that_are_no_image_are_listed(kind: str, make: Make, problem: Problem) -> None:
    sentence = problem(getattr(make, kind)({"etc/passwd": b"", "usr/bin/x": b""}))
    assert "it holds etc" in sentence
    assert "neither manifest.json (docker save) nor index.json (OCI layout)" in sentence


def test_an_empty_folder_is_said_to_be_empty(scratch: Path, problem: Problem) -> None:
    assert "it is empty; neither manifest.json" in problem(str(scratch))


@pytest.mark.parametrize("kind", ["tar", "folder"])
def test_an_image_one_folder_deeper_is_pointed_at(kind: str, make: Make, problem: Problem) -> None:
    assert "not at its top but in 'image'" in problem(getattr(make, kind)({"image/index.json": b"{}"}))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_to_be_full(code: int, whole: bytes, make: Make, read: Read) -> None:
    def fail(done: int, total: int) -> None:
        raise OSError(code, f"{done} of {total}")

    with pytest.raises(InputError, match="no room left in the temporary folder"):
        read(make.file("x", whole), progress=fail)


def test_a_file_that_may_not_be_read_is_said(make: Make, problem: Problem) -> None:
    def fail(done: int, total: int) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", done, total)

    source = make.tar(make.saved({"Config": "c", "Layers": []}, c=b"{}"))
    assert "it cannot be read: Permission denied" in problem(source, progress=fail)
