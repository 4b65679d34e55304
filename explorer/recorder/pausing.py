"""Pauses: a matching request or answer is held before it is passed on, until a person lets it go, perhaps edited.

An expression is `request` or `answer` and a filter, as in `request ~m PUT & ~p manifests` or `answer ~s 202`. Held is
the head; the body waits behind it and passes as it is. Several threads may hold something at a time.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from explorer.errors import InputError
from explorer.filters import Filter, parse_filter
from explorer.model import Exchange, Origin, Request, Response, wire_text
from explorer.redact import masked_head
from explorer.visible import visible
from explorer.wire.heads import read_heads, read_request

SIDES = ("request", "answer")


@dataclass(eq=False)
class Held:
    """A head that is held: which side it is of, what it is about, its bytes, and those that it is let go with."""

    side: str
    what: str
    head: bytes
    _goes: threading.Event = field(default_factory=threading.Event)
    _edited: bytes | None = None

    def let_go(self, head: bytes | None = None) -> None:
        """Let it go, with another head where one is given."""
        self._edited = head
        self._goes.set()

    def lines(self) -> dict[str, bytes]:
        """Return the lines of the head as they are shown, credentials masked, each with its bytes; the first first."""
        shown = (visible(line.decode("utf-8", "replace")) for line in _lines(masked_head(self.head)))
        return dict(zip(shown, _lines(self.head), strict=True))

    def let_go_as(self, typed: list[str]) -> None:
        """Let it go with a head that was typed; a line that reads as it was shown goes on in its bytes."""
        known = self.lines()
        if typed == [*known]:
            self.let_go()
            return
        rows = [known.get(line, wire_text(line).encode("latin-1")) for line in typed]
        self.let_go(b"\r\n".join(rows) + b"\r\n\r\n")

    def wait(self) -> bytes:
        """Wait until it is let go, and return the head to pass on."""
        self._goes.wait()
        return self.head if self._edited is None else self._edited


class Pauses:
    """What is to be held, and what is held now."""

    def __init__(self, texts: tuple[str, ...] = ()) -> None:
        """Read the expressions; raises InputError."""
        self._wanted = [_parse(text) for text in texts]
        self._held: list[Held] = []
        self._lock = threading.Lock()
        self._is_closed = False

    @property
    def held(self) -> tuple[Held, ...]:
        """What is held now, in the order in which it came."""
        with self._lock:
            return tuple(self._held)

    def request(self, origin: Origin, head: bytes) -> bytes:
        """Hold a request where one is to be held, and return the head to pass on."""
        return self._hold("request", origin, head, b"") if self._wanted else head

    def answer(self, origin: Origin, request_head: bytes, head: bytes) -> bytes:
        """Hold an answer where one is to be held, and return the head to pass on."""
        return self._hold("answer", origin, request_head, head) if self._wanted else head

    def close(self) -> None:
        """Let everything go, now and from now on."""
        self._is_closed = True
        for held in self.held:
            held.let_go()

    def _hold(self, side: str, origin: Origin, request_head: bytes, answer_head: bytes) -> bytes:
        head = answer_head or request_head
        exchange = _exchange(origin, request_head, answer_head)
        if exchange is None or not any(where == side and picks(exchange) for where, picks in self._wanted):
            return head
        status = f", answered {exchange.status}" if answer_head else ""
        held = Held(side, f"{exchange.request.method} {exchange.request.target}{status}", head)
        with self._lock:
            self._held.append(held)
        if self._is_closed:
            held.let_go()
        try:
            return held.wait()
        finally:
            with self._lock:
                self._held.remove(held)


def _lines(head: bytes) -> list[bytes]:
    return head.strip(b"\r\n").replace(b"\r\n", b"\n").split(b"\n")


def _parse(text: str) -> tuple[str, Filter]:
    side, _, rest = text.strip().partition(" ")
    if side not in SIDES:
        raise InputError(
            f"--pause '{text}' does not say what is to be held: begin with request or answer, and a filter, "
            "as in: request ~m PUT & ~p manifests."
        )
    return side, parse_filter(rest)


def _exchange(origin: Origin, request_head: bytes, answer_head: bytes) -> Exchange | None:
    head = read_request(request_head)
    if head is None:
        return None
    request = Request(head.method, origin, head.target, head.headers)
    heads = read_heads(answer_head)
    last = heads[-1] if heads else None
    response = Response(last.status, last.reason, last.version, last.headers) if last else None
    return Exchange(0, 0, "", request, request, response)
