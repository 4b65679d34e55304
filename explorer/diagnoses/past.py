"""The exchanges that went before: looked up by id where they lie, so that a diagnosis does not hold a session."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.model import Exchange


class Past:
    """Exchanges by their ids. One that stands in a sequence at the place of its id stays there; others are held."""

    def __init__(self) -> None:
        self._held: dict[int, Exchange] = {}
        self._among: Sequence[Exchange] = ()
        self._reach = 0  # the highest id that was seen in the sequence at its place
        self.newest = 0
        """The highest id; 0 where nothing went before."""

    def add(self, exchange: Exchange, among: Sequence[Exchange] = ()) -> None:
        """Take in an exchange; `among` are those of its session, this one at the place of its id."""
        self.newest = max(self.newest, exchange.id)
        if 0 < exchange.id <= len(among):
            self._among, self._reach = among, max(self._reach, exchange.id)
        else:
            self._held[exchange.id] = exchange

    def get(self, id: int) -> Exchange | None:
        """Return the exchange of that id; None where none went before."""
        held = self._held.get(id)
        if held is None and 0 < id <= self._reach:
            found = self._among[id - 1]
            return found if found.id == id else None
        return held

    def __getitem__(self, id: int) -> Exchange:
        found = self.get(id)
        if found is None:
            raise KeyError(id)
        return found
