"""The index of what earlier answers offered, and the origins of a request that are found in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from explorer.frozen import frozen
from explorer.model import Exchange, Request, Slice, Unkept, body_size
from explorer.origins.given import Given, given_by
from explorer.origins.offers import SHORTEST, Offer, offers_of
from explorer.origins.spans import Span, body_spans, header_spans, path_spans, query_spans
from explorer.spec.locations import path_of
from explorer.spec.ranges import bytes_received


@frozen
class Source:
    """Where one stretch of a request came from.

    `kind` is answer (of `exchange`, at `key` there), given (said by the user when the conversation began), file,
    computed, edited (typed into this request), specification or program. `words` say it in a few words, for a margin.
    `stale` is the id of a later exchange whose answer has a newer value for the same thing; 0 where there is none.
    """

    span: Span
    kind: str
    words: str
    exchange: int = 0
    key: str = ""
    stale: int = 0


@frozen
class Use:
    """A value of an answer that a later request carries: the exchange of that request, and the stretch of it."""

    exchange: int
    source: Source


class _Known(NamedTuple):
    exchange: int
    key: str
    kind: str
    value: str


class Origins:
    """Grows with a session: `add` each exchange in its order; what it costs does not depend on how many there were."""

    def __init__(self, arguments: Mapping[str, object] | None = None) -> None:
        """Begin with the arguments of the session's call, which name what the user asked for."""
        self._given: dict[str, Given] = given_by(arguments or {})
        self._urls: dict[str, _Known] = {}
        self._values: dict[str, _Known] = {}
        self._newest: dict[str, int] = {}  # by upload path or by kind of token: the last answer that gave one
        self._hashes: dict[str, int] = {}
        self._ranges: dict[int, int] = {}  # bytes received: the last answer that said so
        self._sources: dict[int, tuple[Source, ...]] = {}
        self._users: dict[int, list[int]] = {}  # by exchange: those that carry values of its answer
        self._common: dict[Source, Source] = {}  # what many requests have, each once

    def add(self, exchange: Exchange) -> tuple[Source, ...]:
        """Take an exchange in, and return the sources of its request."""
        sources = self.of(exchange.request, exchange.proposed)
        self._sources[exchange.id] = tuple([self._in_common(source) for source in sources])
        for used in {source.exchange for source in sources if source.exchange}:
            self._users.setdefault(used, []).append(exchange.id)
        for offer in offers_of(exchange):
            self._learn(exchange, offer)
        if exchange.sent_sha256:
            self._hashes.setdefault(exchange.sent_sha256, exchange.id)
        self._learn_range(exchange)
        return sources

    def sources(self, id: int) -> tuple[Source, ...]:
        """Return the sources of the request of an exchange that was added."""
        return self._sources.get(id, ())

    def uses(self, id: int) -> tuple[Use, ...]:
        """Return where the values of an exchange's answer went."""
        return tuple(
            Use(user, source)
            for user in self._users.get(id, ())
            for source in self._sources[user]
            if source.exchange == id
        )

    def of(self, request: Request, proposed: Request | None = None) -> tuple[Source, ...]:
        """Return the sources of a request that comes after everything that was added, in the order of its parts.

        Stretches that differ from the proposed request and are found in no answer are the user's edits.
        """
        found = [*self._target(request), *self._rows(request), *self._body(request)]
        edited = [*_edits(request, proposed, found)] if proposed and proposed != request else []
        return tuple(sorted((*found, *edited), key=_place))

    def _learn(self, exchange: Exchange, offer: Offer) -> None:
        known = _Known(exchange.id, offer.key, offer.kind, offer.value)
        if offer.kind == "url":
            self._urls[offer.value] = known
            if offer.key == "Location":
                self._newest[path_of(offer.value)] = exchange.id
        elif offer.kind == "token":
            self._values[offer.value] = known
            self._newest[f"{exchange.request.origin} {offer.key}"] = exchange.id
        else:
            self._values.setdefault(offer.value, known)

    def _in_common(self, source: Source) -> Source:
        """Return an equal source that another request has already, where it is one that many have."""
        if source.exchange and source.span.part != "header":
            return source
        if len(self._common) >= _MOST_IN_COMMON:
            self._common.clear()
        return self._common.setdefault(source, source)

    def _learn_range(self, exchange: Exchange) -> None:
        said = exchange.response.headers.get("Range") if exchange.response else None
        received = bytes_received(said) if said else None
        if received:
            self._ranges[received] = exchange.id

    def _target(self, request: Request) -> Iterator[Source]:
        end = 0
        if url := self._longest_url(request.target):
            known, end = url
            yield self._from_answer(Span("target", 0, end, "url", known.value), known)
        else:
            yield from self._looked_up(path_spans(request.target))
        yield from self._looked_up(query_spans(request.target, end))

    def _longest_url(self, target: str) -> tuple[_Known, int] | None:
        """Return the longest known URL that the target begins with, cut where something was appended."""
        cuts = [len(target), *(index for index, sign in enumerate(target) if sign in "?&")][-50:]
        for cut in sorted(cuts, reverse=True):
            if known := self._urls.get(target[:cut]):
                return known, cut
        return None

    def _rows(self, request: Request) -> Iterator[Source]:
        size = str(body_size(request.body))
        for row, header in enumerate(request.headers):
            for span in header_spans(row, header):
                looked_up = [*self._looked_up(iter((span,)))]
                yield from looked_up
                if not looked_up and (plain := self._plain_row(span, request, size)):
                    yield plain

    def _plain_row(self, span: Span, request: Request, size: str) -> Source | None:
        match span.role:
            case "host" if span.value == request.origin.authority:
                return Source(span, "computed", "address")
            case "content-length" if span.value == size:
                return Source(span, "computed", "size of the body")
            case "content-range":
                return self._range_row(span)
            case "content-type" if span.value == "application/octet-stream":
                return Source(span, "specification", "specification")
            case "user-agent":
                return Source(span, "program", "program")
            case _:
                return None

    def _range_row(self, span: Span) -> Source | None:
        start = span.value.removeprefix("bytes ").partition("-")[0]
        if not start.isdecimal():
            return None
        before = self._ranges.get(int(start), 0)
        words = f"one past the Range of {before}" if before else "place in the file"
        return Source(span, "answer" if before else "computed", words, before, "Range" if before else "")

    def _body(self, request: Request) -> Iterator[Source]:
        body = request.body
        if isinstance(body, Slice | Unkept) and body.source:
            yield Source(Span("body", 0, body_size(body), "body", ""), "file", body.source)
        yield from self._looked_up(body_spans(request))

    def _looked_up(self, spans: Iterator[Span]) -> Iterator[Source]:
        for span in spans:
            known = self._values.get(span.value)
            if known and (len(span.value) >= SHORTEST or (span.role, known.kind) in _SHORT):
                yield self._from_answer(span, known)
            elif given := self._given.get(span.value):
                if given.role in ("", span.role) or span.role in ("digest", "mount"):
                    yield Source(span, "given", given.words)
            elif span.value.startswith("sha256:") and (id := self._hashes.get(span.value[7:])):
                yield Source(span, "computed", f"sha256 of the body of {id}", id, "sha256")
            elif span.role == "scope" and " " in span.value:
                yield from self._scopes(span)

    def _scopes(self, span: Span) -> Iterator[Source]:
        """Yield the source of several scopes in one value, where all are from one challenge."""
        known = [self._values.get(scope) for scope in span.value.split()]
        if known and known[0] and all(one and one.exchange == known[0].exchange for one in known):
            yield self._from_answer(span, known[0])

    def _from_answer(self, span: Span, known: _Known) -> Source:
        place = known.key.replace("body /", "").replace("body ", "")
        words = f"{place} of {known.exchange}"
        newest = self._newest.get(path_of(known.value), 0) if known.kind == "url" else 0
        stale = newest if newest > known.exchange and known.key == "Location" else 0
        return Source(span, "answer", words, known.exchange, known.key, stale)


_MOST_IN_COMMON = 2_000
_SHORT = {("reference", "tag"), ("name", "name"), ("last", "tag"), ("last", "name"), ("service", "service")}
"""Roles in a request and kinds in an answer that go together however short the value is."""


def _place(source: Source) -> tuple[int, int, int]:
    part = ("target", "header", "body").index(source.span.part)
    return part, source.span.row, source.span.start


def _edits(request: Request, proposed: Request, found: list[Source]) -> Iterator[Source]:
    """Yield what was typed: a target and headers that were not proposed so, as far as nothing else explains them."""
    if request.target != proposed.target:
        start, end = _difference(proposed.target, request.target)
        yield Source(Span("target", start, end, "edited", request.target[start:end]), "edited", "typed")
    before = {(row.name, row.value) for row in proposed.headers}
    explained = {source.span.row for source in found if source.kind != "program"}
    for row, header in enumerate(request.headers):
        if (header.name, header.value) not in before and row not in explained:
            span = Span("header", 0, len(header.value), header.name.lower(), header.value, row)
            yield Source(span, "edited", "typed")
    if request.body != proposed.body and not isinstance(request.body, Slice):
        yield Source(Span("body", 0, body_size(request.body), "body", ""), "edited", "typed")


def _difference(before: str, after: str) -> tuple[int, int]:
    """Return the stretch of `after` that is not in `before`, between their common start and their common end."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    back = 0
    while back < min(len(before), len(after)) - start and before[-1 - back] == after[-1 - back]:
        back += 1
    return start, len(after) - back
