"""Searching a body of any size, block by block, so that a count can grow and the search can be given up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from explorer.bodies.window import Window

_BLOCK = 4 * 1024 * 1024
MOST_PLACES = 100_000
"""So many places are remembered; more are only counted."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is: bytes searched, how often it was found, and the places of this block, in bytes."""

    searched: int
    count: int
    places: tuple[int, ...]


def sought_in(text: str) -> tuple[bytes, bool]:
    """Return the bytes that a text asks for (in hex after 0x), and whether the case of letters is passed over."""
    if text.startswith("0x"):
        try:
            return bytes.fromhex(text[2:]), False
        except ValueError:
            pass
    return text.encode("utf-8", "surrogateescape"), True


def search(window: Window, sought: bytes, *, ignore_case: bool = False) -> Iterator[Progress]:
    """Yield how far a search for bytes is, after each block. Places that overlap are counted once.

    `ignore_case` takes the letters A to Z for a to z.
    """
    if not sought:
        return
    sought = sought.lower() if ignore_case else sought
    at = count = 0
    tail = b""
    while at < window.size:
        block = window.read(at, _BLOCK)
        if not block:
            return
        data = tail + (block.lower() if ignore_case else block)
        start = at - len(tail)
        found = [start + place for place in _places(data, sought)]
        at += len(block)
        count += len(found)
        last = found[-1] + len(sought) - start if found else 0
        tail = data[max(last, len(data) - len(sought) + 1) :]
        yield Progress(at, count, tuple(found))


def _places(data: bytes, sought: bytes) -> Iterator[int]:
    place = data.find(sought)
    while place >= 0:
        yield place
        place = data.find(sought, place + len(sought))
