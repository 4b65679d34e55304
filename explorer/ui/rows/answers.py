"""Answers as rows, and the connections that they came over."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.model import Exchange
from explorer.redact import masked
from explorer.spec.errors import MEANINGS, parse_errors
from explorer.ui.rows.bodies import body_rows
from explorer.ui.text import Row, wire, words


def answer_rows(exchange: Exchange) -> Iterator[Row]:
    """Yield an answer exactly as it was received: every head in its bytes, then the body; and what went wrong."""
    exchange = masked(exchange)
    if exchange.error:
        yield (words(exchange.error.sentence, "bad"),)
        yield ()
    if exchange.received_head:
        yield from _head_rows(exchange.received_head)
    response = exchange.response
    if response is None:
        return
    body = response.body
    if isinstance(body, bytes):
        for error in parse_errors(body):
            yield (words(error.code, "bad"), words(f"  {MEANINGS.get(error.code, error.message)}"))
            if error.detail:
                yield (words("  detail: ", "dim"), words(error.detail))
    yield from body_rows(body)


def _head_rows(raw: bytes) -> Iterator[Row]:
    is_first = True
    for line in raw.decode("latin-1").replace("\r\n", "\n").removesuffix("\n").split("\n"):
        name, colon, value = line.partition(":")
        if is_first or not colon:
            yield (wire(line, "title"),)
        else:
            yield (wire(name, "name"), words(":", "dim"), wire(value))
        is_first = line == ""


def connection_rows(exchange: Exchange) -> Iterator[Row]:
    """Yield the connection and the times of an exchange."""
    connection, timings = exchange.connection, exchange.timings
    if connection.peer:
        kept = "kept connection" if connection.reused else "new connection"
        yield (words(f"{connection.local} to {connection.peer}, {kept} {connection.tls} {connection.cipher}", "dim"),)
    phases = (
        ("connected", timings.connected),
        ("sent", timings.sent),
        ("first byte", timings.first_byte),
        ("through", timings.finished),
    )
    shown = "  ".join(f"{name} {seconds * 1000:.1f} ms" for name, seconds in phases if seconds is not None)
    yield (words(shown, "dim"),)
