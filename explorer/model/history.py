"""The exchanges of a session where they are many: a list that grows at its end, and parses what is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol, overload

from explorer.model.exchanges import Exchange
from explorer.model.glimpse import Glimpse

_REMEMBERED = 128
"""So many of the exchanges that were looked at last are kept."""


class Summary(NamedTuple):
    """What a list needs of an exchange: enough to tell attempts apart, to mark failures and to count.

    `took` is how many seconds it took till its end; None where that is not known.
    """

    after: int
    title: str
    method: str
    status: int
    is_failed: bool = False  # there was no whole answer
    is_edited: bool = False
    basis: str = "observed"
    took: float | None = None


class Shelf(Protocol):
    """Where exchanges lie that are not in memory: none of them changes any more."""

    def __len__(self) -> int: ...

    def summary(self, index: int) -> Summary:
        """Return what a list needs of the exchange at a place, from 0."""

    def glimpse(self, index: int) -> Glimpse | None:
        """Return the texts of the exchange at a place; None where they are had by loading it alone."""

    def load(self, index: int) -> Exchange:
        """Return the exchange at a place, from 0; what cannot be read is one that says so."""


class History(Sequence[Exchange]):
    """Exchanges in order: those on a shelf, then those in memory. It is a value: `plus` gives a longer one."""

    __slots__ = ("_count", "_load", "_shelf", "_tail")

    def __init__(self, shelf: Shelf, tail: list[Exchange] | None = None, count: int = -1) -> None:
        """Begin with what is on the shelf; `tail` is shared among the longer ones, and only ever added to."""
        self._shelf = shelf
        self._tail = [] if tail is None else tail
        self._count = len(shelf) + len(self._tail) if count < 0 else count
        self._load: Callable[[int], Exchange] = lru_cache(_REMEMBERED)(shelf.load)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Exchange: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Exchange, ...]: ...

    def __getitem__(self, index: int | slice) -> Exchange | tuple[Exchange, ...]:
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(self._count)))
        place = index + self._count if index < 0 else index
        if not 0 <= place < self._count:
            raise IndexError(index)
        on_shelf = len(self._shelf)
        return self._load(place) if place < on_shelf else self._tail[place - on_shelf]

    def __iter__(self) -> Iterator[Exchange]:
        on_shelf = min(self._count, len(self._shelf))
        yield from (self._shelf.load(place) for place in range(on_shelf))
        yield from self._tail[: self._count - on_shelf]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str | bytes):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # it is equal to other sequences, which have hashes of their own

    def plus(self, exchange: Exchange) -> History:
        """Return the exchanges with one more at their end, without copying them."""
        held = self._count - len(self._shelf)
        tail = self._tail if held == len(self._tail) else self._tail[:held]
        tail.append(exchange)
        longer = History(self._shelf, tail, self._count + 1)
        longer._load = self._load
        return longer

    def glimpse(self, index: int) -> Glimpse | None:
        """Return the texts of the exchange at a place without parsing it; None where that cannot be, or it is here."""
        return self._shelf.glimpse(index) if index < len(self._shelf) else None

    def grown(self) -> History:
        """Return what is on the shelf by now, where more was put there; what was parsed is remembered."""
        longer = History(self._shelf, self._tail)
        longer._load = self._load
        return longer

    def summary(self, index: int) -> Summary:
        """Return what a list needs of the exchange at a place, from 0, without parsing it."""
        return (
            self._shelf.summary(index) if index < len(self._shelf) else summary_of(self._tail[index - len(self._shelf)])
        )


class _Empty:
    def __len__(self) -> int:
        return 0

    def summary(self, index: int) -> Summary:
        raise IndexError(index)

    def glimpse(self, index: int) -> Glimpse | None:
        raise IndexError(index)

    def load(self, index: int) -> Exchange:
        raise IndexError(index)


def summary_of(exchange: Exchange) -> Summary:
    """Return what a list needs of an exchange."""
    return Summary(
        exchange.after,
        exchange.title,
        exchange.request.method,
        exchange.status,
        exchange.error is not None,
        exchange.is_edited,
        exchange.basis,
        exchange.timings.finished,
    )


def summary_at(exchanges: Sequence[Exchange], index: int) -> Summary:
    """Return what a list needs of the exchange at a place, from 0; without parsing it where that can be."""
    return exchanges.summary(index) if isinstance(exchanges, History) else summary_of(exchanges[index])


def glimpse_at(exchanges: Sequence[Exchange], index: int) -> Glimpse | None:
    """Return the texts of the exchange at a place, from 0, without parsing it; None where that cannot be."""
    return exchanges.glimpse(index) if isinstance(exchanges, History) else None


def with_more(exchanges: Sequence[Exchange], exchange: Exchange) -> Sequence[Exchange]:
    """Return exchanges with one more at their end; what was there is not copied."""
    history = exchanges if isinstance(exchanges, History) else History(_Empty(), [*exchanges])
    return history.plus(exchange)
