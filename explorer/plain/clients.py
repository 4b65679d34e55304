"""The other side of an exchange that was recorded between a client and a registry: where it differs, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from explorer.model import Exchange
from explorer.visible import wire_to_text


def client_lines(exchange: Exchange) -> Iterator[str]:
    """Yield who the client was, what it sent and was told otherwise than the upstream, and what was done on the way."""
    side = exchange.client
    if side is None:
        yield from _noted(exchange)
        return
    kept = "on a connection used before" if side.connection.reused else "on a new connection"
    if side.connection.peer:
        yield f"From the client at {side.connection.peer}, {kept}"
    if exchange.sent_head:
        yield from (f"The client sent: {line}" for line in _differing(side.sent_head, exchange.sent_head))
    else:
        first = side.sent_head.lstrip(b"\r\n").partition(b"\n")[0].rstrip(b"\r")[:200]
        yield f"The client sent, and nothing of it was passed on: {_text(first)}"
    if exchange.received_head:
        yield from (f"The client was told: {line}" for line in _differing(side.received_head, exchange.received_head))
    elif side.received_head:
        first = side.received_head.partition(b"\n")[0].rstrip()
        yield f"The recorder answered by itself: {_text(first)}"
    yield from _noted(exchange)


def _noted(exchange: Exchange) -> Iterator[str]:
    """Yield what is noted beside an exchange, save where in a file it was found."""
    yield from (note.words for note in exchange.notes if note.kind != "source-line")


def _differing(near: bytes, far: bytes) -> Iterator[str]:
    """Yield the lines of one head that the other one does not have."""
    left = Counter(far.split(b"\n"))
    for line in near.split(b"\n"):
        if left[line]:
            left[line] -= 1
        elif line.strip():
            yield _text(line.rstrip(b"\r"))


def _text(line: bytes) -> str:
    return wire_to_text(line.decode("latin-1"))
