"""What says whether an exchange is picked, and as often as it can, says so without the exchange being parsed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from explorer.frozen import frozen
from explorer.model import Exchange, Glimpse, Summary, glimpse_at, glimpse_of, summary_at


def _unknown(_: object) -> bool | None:
    return None


@frozen
class Filter:
    """Says of an exchange whether it is picked.

    `of_summary` says it of a summary, `of_texts` of the texts of an exchange; None where those do not tell.
    """

    picks: Callable[[Exchange], bool]
    of_summary: Callable[[Summary], bool | None] = _unknown
    of_texts: Callable[[Glimpse], bool | None] = _unknown

    def __call__(self, exchange: Exchange) -> bool:
        """Say whether an exchange is picked."""
        return self.picks(exchange)

    def at(self, exchanges: Sequence[Exchange], index: int) -> bool:
        """Say whether the exchange at a place, from 0, is picked; parsed only where that has to be."""
        known = self.of_summary(summary_at(exchanges, index))
        if known is None and self.of_texts is not _unknown:
            texts = glimpse_at(exchanges, index)
            known = self.of_texts(texts) if texts else None
        return self.picks(exchanges[index]) if known is None else known


def any_of(options: Sequence[Filter]) -> Filter:
    """Return what picks what one of them picks."""
    return _joined(options, any, decisive=True)


def all_of(terms: Sequence[Filter]) -> Filter:
    """Return what picks what all of them pick."""
    return _joined(terms, all, decisive=False)


def _joined(parts: Sequence[Filter], join: Callable[[Iterable[bool]], bool], *, decisive: bool) -> Filter:
    """Return filters joined by any or all; `decisive` is the answer of one that decides, whatever others say."""

    def joined(answers: Sequence[bool | None]) -> bool | None:
        return decisive if decisive in answers else None if None in answers else not decisive

    return Filter(
        lambda exchange: join(part(exchange) for part in parts),
        lambda summary: joined([part.of_summary(summary) for part in parts]),
        lambda texts: joined([part.of_texts(texts) for part in parts]),
    )


def none_of(negated: Filter) -> Filter:
    """Return what picks what it does not pick."""

    def inverted(answer: bool | None) -> bool | None:
        return None if answer is None else not answer

    return Filter(
        lambda exchange: not negated(exchange),
        lambda summary: inverted(negated.of_summary(summary)),
        lambda texts: inverted(negated.of_texts(texts)),
    )


def by_texts(picks: Callable[[Glimpse], bool], of_summary: Callable[[Summary], bool | None] = _unknown) -> Filter:
    """Return a filter that the texts of an exchange decide, or a summary before that."""
    return Filter(lambda exchange: picks(glimpse_of(exchange)), of_summary, picks)
