"""The sha256 of what goes by: the same with and without a second thread."""

from __future__ import annotations

import hashlib
import itertools
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.wire.hashing import HELD, Sha256

LONG = 8 * 1024 * 1024


@pytest.mark.parametrize("size", [0, LONG])
@given(blocks=st.lists(st.tuples(st.binary(max_size=3000), st.booleans()), max_size=30))
def test_the_digest_is_that_of_all_blocks_wherever_each_is_hashed(size: int, blocks: list[tuple[bytes, bool]]) -> None:
    digest = Sha256(size)
    for block, here in blocks:
        digest.update(block, here=here)
    assert digest.hexdigest() == hashlib.sha256(b"".join(block for block, _ in blocks)).hexdigest()


@given(blocks=st.lists(st.binary(min_size=1, max_size=3000), max_size=30))
def test_a_buffer_can_be_filled_again_once_so_many_others_were_taken(blocks: list[bytes]) -> None:
    digest = Sha256(LONG)
    buffers = [bytearray(3000) for _ in range(HELD)]
    for buffer, block in zip(itertools.cycle(buffers), blocks, strict=False):
        buffer[: len(block)] = block
        digest.update(memoryview(buffer)[: len(block)])
    assert digest.hexdigest() == hashlib.sha256(b"".join(blocks)).hexdigest()


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    digest = Sha256(LONG)
    digest.update(b"x" * 1024)
    digest.close()
    assert threading.active_count() == before


def test_what_comes_after_the_digest_was_asked_for_counts_too() -> None:
    digest = Sha256(LONG)
    digest.update(b"a")
    digest.hexdigest()
    digest.update(b"b")
    assert digest.hexdigest() == hashlib.sha256(b"ab").hexdigest()
