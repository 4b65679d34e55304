"""What a sign is: something in one exchange that tells which registry, proxy or client was at work."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import chain

from explorer.frozen import frozen
from explorer.model import CERTAINTIES, Exchange


@frozen
class Recognised:
    """Who it seems to be: `name` (empty where nobody can tell), version, how certain, and the evidence in sentences."""

    name: str = ""
    certainty: str = ""
    evidence: tuple[str, ...] = ()
    version: str = ""
    exchange: int = 0

    def __bool__(self) -> bool:
        return bool(self.name)


Part = Callable[[Exchange], str]


def host(exchange: Exchange) -> str:
    """Return the host that was asked."""
    return exchange.request.origin.host


def user_agent(exchange: Exchange) -> str:
    """Return what the client says it is."""
    return exchange.request.headers.get("User-Agent") or ""


class AnswerHeader:
    """Returns the values of a header of the answer, one to a line; `name` is in small letters."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, exchange: Exchange) -> str:
        found = exchange.response.headers.all(self.name) if exchange.response else ()
        return "".join(f"{value}\n" for value in found) if found else ""


@cache
def answer_header(name: str) -> Part:
    """Return what returns the values of a header of the answer, one to a line; the same for the same name."""
    return AnswerHeader(name.lower())


@frozen
class Sign:
    """One thing to look for: whom it speaks for, how certainly, and what finds it.

    `look` returns the evidence in words, perhaps with the version before a line break; empty where it is not there.
    `is_base` says that others are built on this one, so that their own signs go first. `part` returns the text of an
    exchange that alone decides it: where that was seen before, nothing new can be found; nor where it is empty.
    """

    name: str
    certainty: str
    look: Callable[[Exchange], str]
    is_base: bool = False
    part: Part | None = None


class Tally:
    """The signs seen so far, for one kind of party."""

    MOST_EVIDENCE = 4
    MOST_TOLD = 200

    def __init__(self, signs: tuple[Sign, ...]) -> None:
        self._signs = [(sign, (CERTAINTIES.index(sign.certainty), sign.is_base)) for sign in signs]
        self._unparted = [place for place, sign in enumerate(signs) if sign.part is None]
        self._by_part: dict[Part, list[int]] = {}
        for place, sign in enumerate(signs):
            if sign.part:
                self._by_part.setdefault(sign.part, []).append(place)
        self._told: dict[Part, set[str]] = {part: {""} for part in self._by_part}
        self._headers = {part.name: part for part in self._told if isinstance(part, AnswerHeader)}
        self._others = [part for part in self._told if not isinstance(part, AnswerHeader)]
        self._seen: dict[str, Recognised] = {}
        self._rank: dict[str, tuple[int, bool]] = {}

    def feed(self, exchange: Exchange) -> None:
        """Look for every sign in an exchange that can tell something new."""
        fresh = [part for part in self._parts_of(exchange) if self._is_new(part(exchange), self._told[part])]
        for place in sorted(chain(self._unparted, *(self._by_part[part] for part in fresh))):
            sign, rank = self._signs[place]
            known = self._seen.get(sign.name)
            if known and len(known.evidence) >= self.MOST_EVIDENCE and rank >= self._rank[sign.name]:
                continue
            said = sign.look(exchange)
            if said:
                self._note(sign, rank, said, exchange.id)

    def _parts_of(self, exchange: Exchange) -> list[Part]:
        """Return the parts that an exchange has: those of the headers that its answer has, and the others."""
        if not self._headers or exchange.response is None:
            return self._others
        names = {row.name.lower() for row in exchange.response.headers}
        return [*self._others, *(self._headers[name] for name in names if name in self._headers)]

    def _is_new(self, value: str, told: set[str]) -> bool:
        if value in told:
            return False
        if len(told) > self.MOST_TOLD:
            told.clear()
            told.add("")
        told.add(value)
        return True

    def _note(self, sign: Sign, rank: tuple[int, bool], said: str, id: int) -> None:
        words, _, version = said.partition("\n")
        known = self._seen.get(sign.name, Recognised(sign.name, sign.certainty, exchange=id))
        if words in known.evidence:
            return
        best = min(rank, self._rank.get(sign.name, rank))
        self._rank[sign.name] = best
        self._seen[sign.name] = Recognised(
            sign.name,
            CERTAINTIES[best[0]],
            (*known.evidence, words)[: self.MOST_EVIDENCE],
            known.version or version,
            known.exchange,
        )

    @property
    def best(self) -> Recognised:
        """The one that the strongest signs speak for; nobody where there are none."""
        if not self._seen:
            return Recognised()
        name = min(self._seen, key=lambda name: (self._rank[name], -len(self._seen[name].evidence)))
        return self._seen[name]

    def names(self) -> tuple[str, ...]:
        """Return everybody that some sign speaks for."""
        return tuple(self._seen)
