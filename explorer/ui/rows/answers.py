"""Answers as lines, and the connections that they came over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from explorer.model import Exchange, Finding, Response
from explorer.plain.clients import client_lines
from explorer.plain.connections import connection_lines, phases_text
from explorer.redact import masked
from explorer.spec.errors import MEANINGS, RegistryError, parse_errors
from explorer.ui.pointing import Line, Pointed
from explorer.ui.rows.bodies import body_rows
from explorer.ui.rows.findings import marks, rule_tags
from explorer.ui.text import Row, wire, words


def answer_lines(
    exchange: Exchange, uses: dict[str, str] | None = None, findings: Sequence[Finding] = ()
) -> Iterator[Line]:
    """Yield an answer exactly as it was received: every head in its bytes, then the body; and what went wrong.

    `uses` says for the margin, by the place of a value, which later requests carry it.
    """
    exchange = masked(exchange)
    uses = uses or {}
    if exchange.error:
        yield Line((words(exchange.error.sentence, "bad"),), (), Pointed(exchange.id, "answer", "error"))
        yield Line(())
    response = exchange.response
    if exchange.received_head or response:
        yield from _head_lines(exchange, exchange.received_head or _head_of(response), uses, findings)
    if response is None:
        return
    body = response.body
    about = Pointed(exchange.id, "answer", "body")
    if isinstance(body, bytes):
        yield from (Line(row, (), about) for error in parse_errors(body) for row in _error_rows(error))
    tag = next((words for place, words in uses.items() if place.startswith("body ")), "")
    for number, row in enumerate(body_rows(body)):
        yield Line(row, ((words(tag, "dim"),),) if tag and not number else (), about)


def _error_rows(error: RegistryError) -> Iterator[Row]:
    """Yield an error of a registry: its code with what that means, and its own words."""
    meaning = MEANINGS.get(error.code, "")
    yield (words(error.code or "an error without a code", "bad"), words(f"  {meaning}", "told"))
    for name, text in (("message", error.message), ("detail", error.detail)):
        if text:
            yield (words(f"  {name:<8}", "dim"), words(text, "told"))


def _head_of(response: Response | None) -> bytes:
    """Return the head of an answer that was never on a wire, or whose bytes a recording does not have."""
    if response is None:
        return b""
    lines = [f"{response.version} {response.status} {response.reason}"]
    lines += [f"{name}:{gap}{value}" for name, value, gap in response.headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _head_lines(exchange: Exchange, head: bytes, uses: dict[str, str], findings: Sequence[Finding]) -> Iterator[Line]:
    is_first = True
    number = 0
    for line in head.decode("latin-1").replace("\r\n", "\n").removesuffix("\n").split("\n"):
        name, colon, value = line.partition(":")
        if is_first:
            bad = rule_tags(marks(findings, exchange.id, "response.status"))
            yield Line((wire(line, "title"),), bad, Pointed(exchange.id, "answer", "status", value=line))
            number = 0
        elif not colon:
            yield Line((wire(line, "title"),))
        else:
            about = Pointed(exchange.id, "answer", "header", name, value.strip(" \t"), number)
            tag = uses.get(name.lower(), "")
            bad = rule_tags(marks(findings, exchange.id, "response.header", name))
            row = (wire(name, "bad" if bad else "name"), words(":", "dim"), wire(value))
            yield Line(row, (*bad, *(((words(tag, "dim"),),) if tag else ())), about)
            number += 1
        is_first = line == ""


def connection_rows(exchange: Exchange) -> Iterator[Row]:
    """Yield the connection and the times of an exchange."""
    for line in connection_lines(exchange):
        yield (words(line, "dim"),)
    yield (words(phases_text(exchange.timings), "dim"),)
    for line in client_lines(masked(exchange)) if exchange.client or exchange.notes else ():
        yield (words(line, "edited" if "client was told" in line or "client sent" in line else "dim"),)
