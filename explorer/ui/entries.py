"""The rows of the timeline as a list of what each one is about; nothing here draws."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from explorer.filters import Filter
from explorer.insight import Insight
from explorer.model import summary_at
from explorer.standing import failures
from explorer.state import State

MOST = 500
"""So many exchanges are looked at for a filter at a time, so that keys have their turn."""


class Entry(NamedTuple):
    """One row: `kind` is group, exchange, next or planned; `place` of the exchange from 0, or of the planned step."""

    kind: str
    place: int


class Entries:
    """Grows with a session; a filter leaves out the exchanges that it does not pick."""

    def __init__(self, insight: Insight) -> None:
        self._insight = insight
        self._done: list[Entry] = []
        self._rows: list[int] = []  # of the exchanges that are shown: their places in `_done`, ascending
        self._shown: list[int] = []  # and their indexes
        self._seen = 0
        self._last_key = ""
        self._picked: Filter | None = None
        self._planned = 0
        self.edition = 0
        """Another number where what was listed may be listed no longer."""
        self.attempts: list[int] = []
        self._of_step: dict[tuple[int, str], int] = {}

    @property
    def shown(self) -> int:
        """How many exchanges the filter has picked."""
        return len(self._shown)

    def pick(self, picked: Filter | None) -> None:
        """Show only the exchanges that are picked; None shows all. What was there is looked at anew."""
        self.edition += 1
        self._picked = picked
        self._done, self._rows, self._shown = [], [], []
        self._seen, self._last_key = 0, ""

    def follow(self, state: State) -> None:
        """Take in what happened since; with a filter, a part of it where it is much."""
        for index in range(len(self.attempts), len(state.exchanges)):
            summary = summary_at(state.exchanges, index)
            step = (summary.after, summary.title)
            self._of_step[step] = self._of_step.get(step, 0) + 1
            self.attempts.append(self._of_step[step])
        end = len(state.exchanges) if self._picked is None else min(len(state.exchanges), self._seen + MOST)
        for index in range(self._seen, end):
            if self._picked is None or self._picked.at(state.exchanges, index):
                self._append(index)
        self._seen = end
        self._planned = len(state.planned)

    def is_behind(self, state: State) -> bool:
        """Say whether some exchanges were not looked at yet."""
        return self._seen < len(state.exchanges)

    def _append(self, index: int) -> None:
        group = self._insight.group(index + 1)
        key = group.key if group else ""
        if key and key != self._last_key:
            self._done.append(Entry("group", index))
        self._last_key = key
        self._rows.append(len(self._done))
        self._shown.append(index)
        self._done.append(Entry("exchange", index))

    def __len__(self) -> int:
        return len(self._done) + 1 + self._planned

    def __getitem__(self, row: int) -> Entry:
        if row < len(self._done):
            return self._done[row]
        return Entry("next", 0) if row == len(self._done) else Entry("planned", row - len(self._done) - 1)

    def row_of(self, selected: int) -> int:
        """Return the row of an exchange (0: the next request); of the nearest one after it where it is not shown."""
        if not selected:
            return len(self._done)
        place = bisect_left(self._shown, selected - 1)
        return self._rows[place] if place < len(self._rows) else len(self._done)

    def moved(self, selected: int, rows: int) -> int:
        """Return the id that is selected after a move by so many exchanges (0: the next request)."""
        place = bisect_left(self._shown, selected - 1) if selected else len(self._shown)
        place = max(0, min(len(self._shown), place + rows))
        return self._shown[place] + 1 if place < len(self._shown) else 0

    def at(self, row: int) -> int | None:
        """Return the id of the exchange at a row, 0 for the next request; None where there is neither."""
        entry = self[row] if 0 <= row < len(self) else Entry("planned", 0)
        if entry.kind in ("exchange", "group"):
            return entry.place + 1
        return 0 if entry.kind == "next" else None

    def failures(self, state: State, selected: int) -> Iterator[int]:
        """Return the ids of the shown exchanges that failed, from the one after `selected` on and round."""
        place = bisect_left(self._shown, selected) if selected else 0
        ids = (index + 1 for index in (*self._shown[place:], *self._shown[:place]))
        return failures(state, self._insight, ids)
