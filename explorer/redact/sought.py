"""Which of many short texts stand in another one, without looking for each: what it costs grows with the text alone.

Of each that is sought a window of fifteen bytes is known by its eight groups of eight: wherever it stands, one of these
begins at a multiple of eight, so only the groups there are looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

_GROUP = 8
_WINDOW = 2 * _GROUP - 1
_FEW = 24
"""So many are quicker looked for one by one."""


class Sought(Generic[T]):
    """Texts that are sought, and what belongs to each."""

    def __init__(self, pairs: Iterable[tuple[bytes, T]]) -> None:
        self._pairs = [*pairs]
        self._always: set[int] = set()  # the places of those that are too short for a window
        self._by_group: dict[bytes, tuple[int, ...]] = {}
        self._indexed = 0  # so many of the pairs

    def _index(self, place: int, sought: bytes) -> None:
        if len(sought) < _WINDOW:
            self._always.add(place)
            return
        # Much begins alike (tokens), much ends alike (scopes): the window is the one that the fewest others have.
        last = len(sought) - _WINDOW
        windows = [[sought[at + n : at + n + _GROUP] for n in range(_GROUP)] for at in (last, last // 2, 0)]
        for group in min(windows, key=lambda groups: sum(len(self._by_group.get(one, ())) for one in groups)):
            self._by_group[group] = (*self._by_group.get(group, ()), place)

    def within(self, text: bytes) -> Iterator[T]:
        """Yield what belongs to each that stands in a text, in the order in which they were given."""
        for place in self._places(text):
            sought, belonging = self._pairs[place]
            if sought in text:
                yield belonging

    def _places(self, text: bytes) -> Iterable[int]:
        if len(self._pairs) <= _FEW:
            return range(len(self._pairs))
        for place in range(self._indexed, len(self._pairs)):
            self._index(place, self._pairs[place][0])
        self._indexed = len(self._pairs)
        known = self._by_group
        found = {*self._always}
        for at in range(0, len(text) - _GROUP + 1, _GROUP):
            places = known.get(text[at : at + _GROUP])
            if places:
                found.update(places)
        return sorted(found)
