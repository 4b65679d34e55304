"""A recording as a registry: each request is answered as the recording has it, for any client.

A request is matched by method and target, then by method and kind of target (ids, states and tokens differ from run to
run); of several that match, each is played once, in order, and the last one again and again. Addresses of the recorded
origins lead back here, so that a client stays with the player.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from explorer.compare.passing import without_passing
from explorer.model import Exchange, Header, Headers, Origin, Unkept
from explorer.practice.answers import plain
from explorer.wire.server import Incoming, Outgoing, Server

_ADDRESSES = ("location", "www-authenticate", "link", "content-location")
_FRAMING = ("transfer-encoding", "connection", "keep-alive")


class Player:
    """Listens and answers as recorded; `address` is where, once it has been started."""

    def __init__(self, exchanges: Sequence[Exchange], host: str = "127.0.0.1", port: int = 0) -> None:
        """Take the exchanges of a recording; those without an answer are left out."""
        self._left = [exchange for exchange in exchanges if exchange.response and exchange.status >= 200]
        self._played: list[Exchange] = []
        self._origins = dict.fromkeys(exchange.request.origin for exchange in exchanges)
        self._lock = threading.Lock()
        self._server = Server(self.handle, host, port)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def origin(self) -> Origin:
        """Where the player answers."""
        return self._server.address

    def start(self) -> None:
        """Listen; raises InputError where that cannot be."""
        self._server.start()

    def stop(self) -> None:
        """Stop listening, and end every connection."""
        self._server.stop()

    def handle(self, incoming: Incoming) -> Outgoing:
        """Answer as the recording does; 404 with a sentence for what it does not have."""
        for _ in incoming.body.chunks():
            pass
        exchange = self._next(incoming)
        if exchange is None or exchange.response is None:
            return plain(404, f"the recording has no {incoming.method} {incoming.target}")
        response = exchange.response
        if isinstance(response.body, Unkept) and incoming.method != "HEAD":
            return plain(
                500, f"the recording has not kept the {response.body.size} bytes that exchange {exchange.id} had"
            )
        rows = tuple(self._row(row) for row in response.headers if row.name.lower() not in _FRAMING)
        body = b"" if isinstance(response.body, Unkept) else response.body
        return Outgoing(response.status, Headers(rows), body, response.reason)

    def _next(self, incoming: Incoming) -> Exchange | None:
        with self._lock:
            for pool in (self._left, self._played[::-1]):
                for exact in (True, False):
                    for exchange in pool:
                        if _fits(exchange, incoming, exact=exact):
                            if pool is self._left:
                                self._left.remove(exchange)
                                self._played.append(exchange)
                            return exchange
        return None

    def _row(self, row: Header) -> Header:
        """Return a header whose addresses of the recorded origins lead here."""
        if row.name.lower() not in _ADDRESSES:
            return row
        value = row.value
        for origin in self._origins:
            value = value.replace(f"{origin}/", f"{self.origin}/")
        return row._replace(value=value)


def _fits(exchange: Exchange, incoming: Incoming, *, exact: bool) -> bool:
    request = exchange.request
    if request.method != incoming.method:
        return False
    if exact:
        return request.target == incoming.target
    return without_passing(request.target) == without_passing(incoming.target)
