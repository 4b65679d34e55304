"""What says whether an exchange is picked, and as often as it can, says so without the exchange being parsed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from explorer.model import Exchange, Summary, line_at, summary_at

_VERBATIM = re.compile(r"[A-Za-z0-9_.%=&?+~@-]+")
"""Texts of these signs alone stand in a line of JSON as they are, unless the line has escapes or base64."""


def _unknown(_: Summary) -> bool | None:
    return None


def _perhaps(_: bytes) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Filter:
    """Says of an exchange whether it is picked.

    `of_summary` says it of a summary, None where that does not tell. `of_line` says of the line of a session file, in
    small letters, whether its exchange can be picked at all.
    """

    picks: Callable[[Exchange], bool]
    of_summary: Callable[[Summary], bool | None] = _unknown
    of_line: Callable[[bytes], bool] = _perhaps

    def __call__(self, exchange: Exchange) -> bool:
        """Say whether an exchange is picked."""
        return self.picks(exchange)

    def at(self, exchanges: Sequence[Exchange], index: int) -> bool:
        """Say whether the exchange at a place, from 0, is picked; parsed only where that has to be."""
        known = self.of_summary(summary_at(exchanges, index))
        if known is not None:
            return known
        line = line_at(exchanges, index)
        if line is not None and not self.of_line(line.lower()):
            return False
        return self.picks(exchanges[index])


def any_of(options: Sequence[Filter]) -> Filter:
    """Return what picks what one of them picks."""
    return _joined(options, any, decisive=True)


def all_of(terms: Sequence[Filter]) -> Filter:
    """Return what picks what all of them pick."""
    return _joined(terms, all, decisive=False)


def _joined(parts: Sequence[Filter], join: Callable[[Iterable[bool]], bool], *, decisive: bool) -> Filter:
    """Return filters joined by any or all; `decisive` is the answer of one that decides, whatever others say."""

    def of_summary(summary: Summary) -> bool | None:
        answers = [part.of_summary(summary) for part in parts]
        return decisive if decisive in answers else None if None in answers else not decisive

    return Filter(
        lambda exchange: join(part(exchange) for part in parts),
        of_summary,
        lambda line: join(part.of_line(line) for part in parts),
    )


def none_of(negated: Filter) -> Filter:
    """Return what picks what it does not pick."""

    def of_summary(summary: Summary) -> bool | None:
        answer = negated.of_summary(summary)
        return None if answer is None else not answer

    return Filter(lambda exchange: not negated(exchange), of_summary)


def where_text(word: str, picks: Callable[[Exchange], bool]) -> Filter:
    """Return a filter whose picks have a word somewhere in a text of theirs, in large or small letters."""
    if not _VERBATIM.fullmatch(word):
        return Filter(picks)
    sought = word.lower().encode("ascii")

    def of_line(line: bytes) -> bool:
        return sought in line or b"\\u" in line or b'"base64"' in line or not line.isascii()

    return Filter(picks, of_line=of_line)
