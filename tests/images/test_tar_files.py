from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from explorer.model import Image

if TYPE_CHECKING:
    from tests.images.conftest import Make

Problem = Callable[..., str]


@pytest.fixture
def archive(make: Make) -> bytes:
    return make.tar_of(
        make.saved({"Config": "c.json", "Layers": ["layer.tar"]}, **{"c.json": b"{}", "layer.tar": b"x" * 3000})
    )


@pytest.mark.parametrize(
    ("cut", "said"),
    [
        (300, "begins with"),
        (512 + 20, "byte 0: the tar is cut off: 'manifest.json' has"),
        (512 * 3 + 1, "byte 1024: the tar is cut off: 'c.json' has 2 bytes and 1 of them are there"),
        (512 * 4 + 100, "byte 2048: the tar is cut off: 100 bytes of a header"),
        (512 * 5 + 2999, "byte 2048: the tar is cut off: 'layer.tar' has 3000 bytes and 2999 of them are there"),
        (512 * 4, "holds no 'layer.tar', which is layer 1 in manifest.json, image 1; it ends without the end mark"),
    ],
)
def test_a_tar_that_is_cut_off_is_noticed(cut: int, said: str, archive: bytes, make: Make, problem: Problem) -> None:
    assert said in problem(make.file("x.tar", archive[:cut]))


@pytest.mark.parametrize("cut", [512 * 5 + 3000, 512 * 11, 512 * 12])
def test_a_tar_that_lacks_only_its_end_is_read(
    cut: int, archive: bytes, make: Make, read: Callable[..., Image]
) -> None:
    assert len(read(make.file("x.tar", archive[:cut])).blobs) == 2


def test_the_last_of_two_members_of_one_name_counts(make: Make, read: Callable[..., Image], archive: bytes) -> None:
    again = make.tar_of({"layer.tar": b"newer"})
    image = read(make.file("x.tar", archive[: 512 * 11] + again))
    assert image.blobs[0].digest == make.digest(b"newer")


def test_a_sparse_layer_is_refused(make: Make, problem: Problem) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, data in make.saved({"Config": "c.json", "Layers": ["l"]}, **{"c.json": b"{}", "l": b""}).items():
            member = tarfile.TarInfo(name)
            assert isinstance(data, bytes)
            member.size = len(data)
            if name == "l":
                member.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}
            tar.addfile(member, io.BytesIO(data))
    assert "stored as a sparse file" in problem(make.file("x.tar", packed.getvalue()))


def test_a_layer_that_is_a_folder_is_refused(make: Make, problem: Problem) -> None:
    packed = io.BytesIO(make.tar_of(make.saved({"Config": "c.json", "Layers": ["l"]}, **{"c.json": b"{}"})))
    with tarfile.open(fileobj=packed, mode="a") as tar:
        member = tarfile.TarInfo("l")
        member.type = tarfile.DIRTYPE
        tar.addfile(member)
    assert "it is layer 1 in manifest.json, image 1, and it is not a file but a folder" in problem(
        make.file("x.tar", packed.getvalue())
    )


def test_a_member_that_leads_out_is_never_found(make: Make, problem: Problem) -> None:
    assert "it is empty" in problem(make.tar({"../manifest.json": b"[]", "/index.json": b"{}"}))
