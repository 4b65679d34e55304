"""Requests as they crossed the wire, where that is not as they were written: HTTP/2's lists, what a proxy is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from explorer.model import Exchange, Finding, Request
from explorer.origins import Source
from explorer.redact import masked_head
from explorer.state import State
from explorer.ui.pointing import Line, Pointed
from explorer.ui.rows.bodies import body_rows
from explorer.ui.rows.requests import request_lines, tags
from explorer.ui.text import Row, Span, wire, words

_LOOKED_AT = 20
"""So many of the last exchanges are asked how they went."""


def sent_lines(exchange: Exchange, sources: Sequence[Source] = (), findings: Sequence[Finding] = ()) -> Iterator[Line]:
    """Yield a request as it was sent."""
    request = exchange.request
    if not exchange.sent_head or exchange.sent_head == request.head():
        yield from request_lines(request, sources, exchange.id, findings)
        return
    is_list = exchange.connection.version == "HTTP/2"
    manner = (
        "in HTTP/2, as a list of headers"
        if is_list
        else "as the proxy is told it"
        if exchange.connection.proxy
        else "byte for byte"
    )
    yield Line((words("to ", "dim"), words(f"{request.origin}, {manner}", "dim")))
    lines = masked_head(exchange.sent_head).decode("latin-1").rstrip("\r\n").split("\r\n")
    if not is_list:
        yield Line((wire(lines[0], "title"),), (), Pointed(exchange.id, "request", "target", value=request.target))
        lines = lines[1:]
    yield from _header_lines(exchange, lines, sources)
    yield Line(())
    for content in body_rows(request.body):
        yield Line(content, (), Pointed(exchange.id, "request", "body"))


def _header_lines(exchange: Exchange, lines: list[str], sources: Sequence[Source]) -> Iterator[Line]:
    seen: Counter[str] = Counter()
    for line in lines:
        front, value = line[:1], line[1:]
        name, _, value = value.partition(":")
        name = front + name
        row = (wire(name, "name"), words(":", "dim"), wire(value))
        if name == ":path":
            here = tags([source for source in sources if source.span.part == "target"])
            yield Line(row, here, Pointed(exchange.id, "request", "target", value=exchange.request.target))
            continue
        numbers = _numbers(exchange.request, "host" if name == ":authority" else name)
        number = numbers[seen[name]] if seen[name] < len(numbers) else -1
        seen[name] += 1
        found = [source for source in sources if source.span.part == "header" and source.span.row == number]
        about = Pointed(exchange.id, "request", "header", name, value.strip(" \t"), number)
        yield Line(row, tags(found)[:1], about if number >= 0 else None)


def _numbers(request: Request, name: str) -> list[int]:
    """Return where the headers of a name stand in a request as it was written."""
    return [number for number, row in enumerate(request.headers) if row.name.lower() == name.lower()]


def kept_rows(state: State, request: Request) -> Iterator[Row]:
    """Yield a word about a request that is to go out in HTTP/2, as the last one to its origin did."""
    same = (one for one in reversed(state.exchanges[-_LOOKED_AT:]) if one.request.origin == request.origin)
    last = next(same, None)
    if last and last.connection.version == "HTTP/2":
        yield (Span("goes out in HTTP/2: as a list of headers, :method, :scheme, :authority and :path first", "dim"),)
