"""Differences within a text: which stretches are on one side only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from explorer.frozen import frozen

_PIECES = re.compile(r"\w+|\W")
_MOST_PIECES = 2_000


@frozen
class Stretch:
    """A piece of two texts: on both sides (same), on the left only (removed), or on the right only (added)."""

    kind: str
    text: str


def stretches(left: str, right: str) -> tuple[Stretch, ...]:
    """Return how one text becomes the other, in order; whole words are kept together.

    Very long texts are compared by their common beginning and end only.
    """
    one, two = _PIECES.findall(left), _PIECES.findall(right)
    if max(len(one), len(two)) > _MOST_PIECES:
        return tuple(_by_ends(left, right))
    return tuple(_by_pieces(one, two))


def _by_pieces(one: list[str], two: list[str]) -> Iterator[Stretch]:
    for tag, start, end, other_start, other_end in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Stretch("same", "".join(one[start:end]))
            continue
        if start < end:
            yield Stretch("removed", "".join(one[start:end]))
        if other_start < other_end:
            yield Stretch("added", "".join(two[other_start:other_end]))


def _by_ends(left: str, right: str) -> Iterator[Stretch]:
    shorter = min(len(left), len(right))
    start = next((index for index in range(shorter) if left[index] != right[index]), shorter)
    back = next((i for i in range(shorter - start) if left[-1 - i] != right[-1 - i]), shorter - start)
    for kind, text in (
        ("same", left[:start]),
        ("removed", left[start : len(left) - back]),
        ("added", right[start : len(right) - back]),
        ("same", left[len(left) - back :]),
    ):
        if text:
            yield Stretch(kind, text)
