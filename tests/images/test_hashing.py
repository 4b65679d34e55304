from __future__ import annotations

import gzip
import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from explorer.errors import FormatError
from explorer.images.files import read_part
from explorer.images.hashing import compressed, with_sha256
from explorer.model import Slice

if TYPE_CHECKING:
    from tests.images.conftest import Make


@pytest.fixture
def big(make: Make) -> Slice:
    return Slice(make.file("big", b"before" + os.urandom(1_000_000) + b"after"), 6, 1_000_000, source="big")


def content(part: Slice) -> bytes:
    return read_part(part, part.path)


def test_exactly_the_part_is_hashed(big: Slice) -> None:
    assert with_sha256([big])[0].sha256 == hashlib.sha256(content(big)).hexdigest()


def test_what_is_known_is_not_hashed_again() -> None:
    known = Slice("nowhere", 0, 5, sha256="known")
    assert with_sha256([known]) == [known]


def test_several_keep_their_order(big: Slice) -> None:
    parts = [Slice(big.path, offset, 10) for offset in (40, 0, 40, 20)]
    assert [part.offset for part in with_sha256(parts)] == [40, 0, 40, 20]


def test_compressing_is_private_and_has_no_name_and_no_time(big: Slice, scratch: Path) -> None:
    packed = compressed([big], scratch)[0]
    start = content(packed)[:10]
    assert start[3:8] == bytes(5)
    assert stat.S_IMODE(Path(packed.path).stat().st_mode) == 0o600


def test_what_is_compressed_can_be_unpacked(big: Slice, scratch: Path) -> None:
    packed = compressed([big], scratch)[0]
    assert gzip.decompress(content(packed)) == content(big)
    assert packed.sha256 == hashlib.sha256(content(packed)).hexdigest()


def test_compressing_gives_the_same_bytes_each_time(big: Slice, scratch: Path) -> None:
    assert len({compressed([big], scratch)[0].sha256 for _ in range(2)}) == 1


def test_a_file_that_became_shorter_is_noticed(big: Slice) -> None:
    Path(big.path).write_bytes(b"short")
    with pytest.raises(FormatError, match="ends 1000000 bytes early: it changed while it was read"):
        with_sha256([big])


def test_a_small_file_that_became_shorter_is_noticed(make: Make) -> None:
    part = Slice(make.file("x", b"123"), 1, 5)
    with pytest.raises(FormatError, match="ends 3 bytes early"):
        read_part(part, "x")


def test_progress_counts_every_byte_once(big: Slice) -> None:
    told: list[tuple[int, int]] = []
    with_sha256([big, big, Slice(big.path, 0, 6)], lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (1_000_006, 1_000_006)


def test_whoever_is_told_of_progress_may_stop_it(make: Make) -> None:
    path = make.file("zeros", b"")
    os.truncate(path, 3 * 1024**3)  # a hole: hashing it all would take seconds

    def stop(done: int, total: int) -> None:
        raise TimeoutError(done, total)

    with pytest.raises(TimeoutError):
        with_sha256([Slice(path, 0, 3 * 1024**3)], stop)
