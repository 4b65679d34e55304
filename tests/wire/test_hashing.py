"""The sha256 of what goes by: the same with and without a second thread."""

from __future__ import annotations

import hashlib
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.wire.hashing import Sha256

LONG = 8 * 1024 * 1024


@pytest.mark.parametrize("size", [0, LONG])
@given(blocks=st.lists(st.binary(max_size=3000), max_size=30))
def test_the_digest_is_that_of_all_blocks(size: int, blocks: list[bytes]) -> None:
    digest = Sha256(size)
    for block in blocks:
        digest.update(block)
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
