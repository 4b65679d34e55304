"""The rows of the timeline as a list of what each one is about; nothing here draws."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from explorer.filters import Filter
from explorer.insight import Insight
from explorer.standing import failures
from explorer.state import State
from explorer.ui.families import Families

MOST = 500
"""So many exchanges are looked at for a filter at a time, so that keys have their turn."""


class Entry(NamedTuple):
    """One row: `kind` is group, exchange, next or planned; `place` of the exchange from 0, or of the planned step.

    The place of a group is that of the exchange which it began with.
    """

    kind: str
    place: int


class Entries:
    """Grows with a session; a filter leaves out the exchanges that it does not pick.

    Exchanges of one blob or manifest stand together, attempts under their step; or all in the order of time. Then a
    blob or manifest is headed once, and has a letter by which its exchanges are known further down.
    """

    def __init__(self, insight: Insight) -> None:
        self._insight = insight
        self._families = Families(insight)
        self._picked: Filter | None = None
        self._listed = array("q")  # the indexes of the exchanges that the filter has picked, ascending
        self._seen = 0
        self._planned = 0
        self._is_together = True
        self.attempts = self._families.attempts
        self.edition = 0
        """Another number where what was listed may be listed no longer."""
        self._clear()

    def _clear(self) -> None:
        self._done = array("q")  # by row: the index of the exchange; of a group, ~ of the one it began with
        self._order = array("q")  # the indexes of the exchanges as they are shown
        self._rows = array("q")  # by place in `_order`: the row
        self._places = array("q")  # by index: the place in `_order`, -1 where it is not shown
        self._last = (-1, -1, -1)
        self._last_head = -1
        self._letters: dict[int, str] = {}  # by where a group begins, where all stand in the order of time
        self.edition += 1

    def letter(self, index: int) -> str:
        """Return the letter of the group of an exchange; empty where it has none, or the group stands together."""
        return self._letters.get(self._families.head(index), "")

    @property
    def shown(self) -> int:
        """How many exchanges the filter has picked."""
        return len(self._order)

    @property
    def is_together(self) -> bool:
        """Whether exchanges of one blob or manifest stand together; otherwise all stand in the order of time."""
        return self._is_together

    def turn(self) -> None:
        """Let them stand together, or in the order of time."""
        self._is_together = not self._is_together
        self._make()

    def pick(self, picked: Filter | None) -> None:
        """Show only the exchanges that are picked; None shows all. What was there is looked at anew."""
        self._picked = picked
        self._listed, self._seen = array("q"), 0
        self._clear()
        if self._families.is_outdated:
            self._families.gather()

    def follow(self, state: State) -> None:
        """Take in what happened since; with a filter, a part of it where it is much."""
        exchanges = state.exchanges
        end = len(exchanges) if self._picked is None else min(len(exchanges), self._seen + MOST)
        new = [at for at in range(self._seen, end) if self._picked is None or self._picked.at(exchanges, at)]
        is_changed = self._families.follow(exchanges)
        self._listed.extend(new)
        self._seen = end
        self._planned = len(state.planned)
        if is_changed or not self._append(new):
            self._make(gather=is_changed)

    def is_behind(self, state: State) -> bool:
        """Say whether some exchanges were not looked at yet."""
        return self._seen < len(state.exchanges)

    def _make(self, *, gather: bool = False) -> None:
        """Make all rows anew; `gather` looks anew at what belongs together."""
        self._clear()
        if gather:
            self._families.gather()
        self._append(sorted(self._listed, key=self._rank) if self._is_together else self._listed)

    def _append(self, indexes: Sequence[int]) -> bool:
        """Append rows; where one belongs further up, return False."""
        self._places.extend([-1] * (max(indexes, default=-1) + 1 - len(self._places)))
        for index in indexes:
            rank = self._rank(index)
            if rank < self._last:
                return False
            self._last = rank
            head = self._families.head(index)
            if head >= 0 and head != self._last_head and head not in self._letters:
                self._done.append(~head)
                if not self._is_together:
                    self._letters[head] = letter_of(len(self._letters))
            self._last_head = head
            self._places[index] = len(self._order)
            self._rows.append(len(self._done))
            self._order.append(index)
            self._done.append(index)
        return True

    def _rank(self, index: int) -> tuple[int, int, int]:
        return self._families.rank(index) if self._is_together else (index, index, index)

    def __len__(self) -> int:
        return len(self._done) + 1 + self._planned

    def __getitem__(self, row: int) -> Entry:
        if row < len(self._done):
            index = self._done[row]
            return Entry("exchange", index) if index >= 0 else Entry("group", ~index)
        return Entry("next", 0) if row == len(self._done) else Entry("planned", row - len(self._done) - 1)

    def row_of(self, selected: int) -> int:
        """Return the row of an exchange (0: the next request); of the nearest one after it where it is not shown."""
        place = self._place(selected)
        return self._rows[place] if place < len(self._order) else len(self._done)

    def _place(self, selected: int) -> int:
        """Return the place of an exchange among those that are shown; of the next one where it is not."""
        if not selected:
            return len(self._order)
        index = selected - 1
        if index >= len(self._places) or self._places[index] < 0:
            after = bisect_left(self._listed, index)
            if after == len(self._listed):
                return len(self._order)
            index = self._listed[after]
        return self._places[index]

    def moved(self, selected: int, rows: int) -> int:
        """Return the id that is selected after a move by so many exchanges (0: the next request)."""
        place = max(0, min(len(self._order), self._place(selected) + rows))
        return self._order[place] + 1 if place < len(self._order) else 0

    def at(self, row: int) -> int | None:
        """Return the id of the exchange at a row, 0 for the next request; None where there is neither."""
        entry = self[row] if 0 <= row < len(self) else Entry("planned", 0)
        if entry.kind == "group":
            entry = self[row + 1]
        if entry.kind == "exchange":
            return entry.place + 1
        return 0 if entry.kind == "next" else None

    def failures(self, state: State, selected: int) -> Iterator[int]:
        """Return the ids of the shown exchanges that failed, from the one after `selected` on and round."""
        place = self._place(selected) if selected else 0
        if selected and place < len(self._order) and self._order[place] == selected - 1:
            place += 1
        ids = (index + 1 for index in (*self._order[place:], *self._order[:place]))
        return failures(state, self._insight, ids)


def letter_of(number: int) -> str:
    """Return a name of letters for a number from 0: a to z, then aa, ab, …"""
    before, last = divmod(number, 26)
    return (letter_of(before - 1) if before else "") + chr(ord("a") + last)
