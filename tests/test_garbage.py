"""When Python looks for garbage: seldom while something is loaded, as usual after it, and not through what stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from explorer import garbage


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    """Leave everything as it was."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def looks_while_making(objects: int) -> int:
    """Return how often Python looked for garbage while so many objects were made."""
    before = looks()
    kept = [[number] for number in range(objects)]
    assert len(kept) == objects
    return looks() - before


def looks() -> int:
    """Return how often Python has looked for garbage."""
    return sum(int(generation["collections"]) for generation in gc.get_stats())


def test_what_is_loaded_is_not_looked_through() -> None:
    gc.collect()
    garbage.put_off()
    assert looks_while_making(50_000) == 0


def test_what_is_there_by_then_is_looked_through_no_more_and_what_comes_after_it_as_usual() -> None:
    garbage.put_off()
    garbage.keep()
    assert gc.get_freeze_count() > 0
    assert looks_while_making(50_000) > 10
