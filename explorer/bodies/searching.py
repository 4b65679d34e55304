"""Searching a body of any size, block by block, so that a count can grow and the search can be given up."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.bodies.window import Window
from explorer.frozen import frozen

_BLOCK = 256 * 1024
"""So many bytes are read at a time: they stay in the processor's cache while they are looked through."""

_FAST_FIND = 28 * 1024
"""In no more than 30,000 bytes, Python finds a few bytes by skipping, four times as fast as in more."""

_REPORTED = 4 * 1024 * 1024
MOST_PLACES = 100_000
"""So many places are remembered; more are only counted."""


@frozen
class Progress:
    """How far a search is: bytes searched, how often it was found, and the places since the last report, in bytes.

    There are no more than MOST_PLACES of these in all.
    """

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
    """Yield how far a search for bytes is, again and again. Places that overlap are counted once.

    `ignore_case` takes the letters A to Z for a to z.
    """
    if not sought:
        return
    ignore_case = ignore_case and sought.lower() != sought.upper()
    sought = sought.lower() if ignore_case else sought
    beyond = len(sought) - 1  # what begins in a block may end so far behind it
    at = count = first = 0
    found: list[int] = []
    while at < window.size:
        data = window.read(at, _BLOCK + beyond)
        if not data:
            return
        data = data.lower() if ignore_case else data
        for place in _places(data, sought, max(0, first - at)):
            first = at + place + len(sought)
            count += 1
            if count <= MOST_PLACES:
                found.append(at + place)
        at = min(at + _BLOCK, at + len(data))
        if at % _REPORTED == 0 or at >= window.size:
            yield Progress(min(at, window.size), count, tuple(found))
            found = []


def _places(data: bytes, sought: bytes, first: int) -> Iterator[int]:
    beyond = len(sought) - 1
    for start in range(0, len(data), _FAST_FIND):
        end = start + _FAST_FIND + beyond
        place = data.find(sought, max(start, first), end)
        while place >= 0:
            yield place
            first = place + len(sought)
            place = data.find(sought, first, end)
