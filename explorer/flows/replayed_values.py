"""The values of new answers by the places that the recorded ones had them in, and a request with them put in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from explorer.errors import Stuck
from explorer.frozen import frozen
from explorer.model import Exchange, Header, Headers, Origin, Request
from explorer.origins import Offer, Source, offers_of
from explorer.spec.locations import append_query
from explorer.spec.references import parse_origin

_UPLOAD = re.compile(r"/v2/.+/blobs/uploads?/[^/?]+")
_APPENDED = re.compile(r"[?&](?:digest|mount|from)=")


@frozen
class Substitution:
    """What was put in the place of what, in a sentence."""

    words: str


@frozen
class _Answered:
    recorded: Exchange
    was: tuple[Offer, ...]
    now: tuple[Offer, ...]


class NewValues:
    """Knows the answers that came, beside the recorded ones."""

    def __init__(self) -> None:
        self._answered: dict[int, _Answered] = {}
        self._upload = 0  # the last recorded exchange that must have had a Location which its source does not tell

    def add(self, recorded: Exchange, happened: Exchange) -> None:
        """Take in what came of a recorded request."""
        self._answered[recorded.id] = _Answered(recorded, offers_of(recorded), offers_of(happened))
        known = recorded.response is not None and "response.headers" not in recorded.unknown
        if not known and any(offer.key == "Location" for offer in offers_of(happened)):
            self._upload = recorded.id

    def renewed(self, exchange: Exchange, sources: Sequence[Source]) -> tuple[Request, tuple[Substitution, ...]]:
        """Return a recorded request with its values from new answers, and what was put in the place of what.

        Raises Stuck where a new answer has no such address: there is nothing to go on with then.
        """
        request, changes = exchange.request, list[Substitution]()
        from_answers = [source for source in sources if source.exchange in self._answered]
        # From the back, so that the places of those before stay true.
        for source in reversed(from_answers):
            if source.span.part == "target" and source.span.role != "url":
                request = self._in_target(request, source, changes)
            elif source.span.part == "header":
                request = self._in_header(request, source, changes)
            elif source.span.part == "body" and isinstance(request.body, bytes):
                request = self._in_body(request, source, changes)
        url = next((source for source in from_answers if source.span.role == "url"), None)
        if url:
            request = self._address(request, url, changes)
        elif self._upload and _UPLOAD.match(request.target):
            request = self._guessed(request, changes)
        return request, tuple(reversed(changes))

    def _new(self, source: Source, value: str) -> str | None:
        """Return what the new answer has in the same place as the recorded one had a value."""
        answered = self._answered[source.exchange]
        was = [offer for offer in answered.was if offer.key == source.key]
        now = [offer for offer in answered.now if offer.key == source.key]
        index = next((index for index, offer in enumerate(was) if offer.value == value), 0)
        return now[index].value if index < len(now) else None

    def _in_target(self, request: Request, source: Source, changes: list[Substitution]) -> Request:
        value = self._new(source, source.span.value)
        if value is None or value == source.span.value:
            return request
        start, end = source.span.start, source.span.end
        coded = quote(value, safe="/:,@") if "?" in request.target[:start] else value
        changes.append(_put(source, f"{source.span.role} of the target", source.span.value, value))
        return replace(request, target=request.target[:start] + coded + request.target[end:])

    def _in_header(self, request: Request, source: Source, changes: list[Substitution]) -> Request:
        row = request.headers.rows[source.span.row]
        value = self._new(source, source.span.value)
        if value is None or value == source.span.value:
            return request
        start, end = source.span.start, source.span.end
        if source.span.role not in ("authorization", "proxy-authorization"):
            changes.append(_put(source, row.name, source.span.value, value))
        changed = Header(row.name, row.value[:start] + value + row.value[end:], row.gap)
        rows = list(request.headers.rows)
        rows[source.span.row] = changed
        return replace(request, headers=Headers(tuple(rows)))

    def _in_body(self, request: Request, source: Source, changes: list[Substitution]) -> Request:
        body = request.body
        value = self._new(source, source.span.value)
        # A digest in a document is that of a blob, which is sent as it was: only what a service made is made anew.
        if not isinstance(body, bytes) or value is None or value == source.span.value or source.span.role == "digest":
            return request
        changes.append(_put(source, f"{source.span.role} of the form", source.span.value, value))
        coded = quote(value, safe="").encode("ascii")
        changed = body[: source.span.start] + coded + body[source.span.end :]
        headers = request.headers
        if headers.all("Content-Length") == (str(len(body)),):
            headers = headers.set("Content-Length", str(len(changed)))
        return replace(request, headers=headers, body=changed)

    def _address(self, request: Request, source: Source, changes: list[Substitution]) -> Request:
        answered = self._answered[source.exchange]
        now = next((offer for offer in answered.now if offer.key == source.key), None)
        if now is None:
            raise Stuck(
                f"The address of this request was the {source.key} of recorded exchange {source.exchange}, and the new "
                f"answer to that one has none. The recorded one was {source.span.value}."
            )
        rest = request.target[source.span.end :]
        return self._at(request, now, rest, "?" in source.span.value, source.exchange, changes)

    def _at(
        self, request: Request, now: Offer, rest: str, had_query: bool, id: int, changes: list[Substitution]
    ) -> Request:
        """Return a request at a new address, what was appended to the old one appended as is right for the new one."""
        if rest[:1] == "&" or (rest[:1] == "?" and not had_query):
            target = append_query(now.value, rest[1:])
        else:
            target = now.value + rest
        origin = _origin(now.origin) or request.origin
        headers = request.headers
        if origin != request.origin and headers.get("Host") == request.origin.authority:
            headers = headers.set("Host", origin.authority)
        if target != request.target or origin != request.origin:
            changes.append(Substitution(f"The address is the Location of the new answer to {id}: {origin}{now.value}."))
        return replace(request, origin=origin, target=target, headers=headers)

    def _guessed(self, request: Request, changes: list[Substitution]) -> Request:
        """Return a request at the Location that its source does not tell, but must have had."""
        answered = self._answered[self._upload]
        now = next(offer for offer in answered.now if offer.key == "Location")
        found = _APPENDED.search(request.target)
        rest = request.target[found.start() :] if found else ""
        had_query = "?" in request.target[: found.start()] if found else False
        changes.append(Substitution("That this address was a Location is a guess, since the source does not tell it."))
        return self._at(request, now, rest, had_query, self._upload, changes)


def _put(source: Source, where: str, was: str, now: str) -> Substitution:
    return Substitution(
        f"The {where} is that of the new answer to {source.exchange}: {_short(now)}, was {_short(was)}."
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:40]}…"


def _origin(text: str) -> Origin | None:
    scheme, mark, authority = text.partition("://")
    return parse_origin(authority, scheme, plain_http=True) if mark else None
