"""A small HTTP/1.1 server: a thread per connection, blocking sockets, heads read by h11, bodies in one buffer.

    with Server(handler) as server:
        ...   # server.address is where it answers

The handler is called with an Incoming, from several threads at once, and returns an Outgoing. Where it raises a
WireError (as reading a body that broke off does), the connection is closed without an answer; any other exception is
answered with a 500, and the server lives on. Nothing is ever written to stderr.
"""

from __future__ import annotations

import socket

from explorer.model import Origin
from explorer.wire.listening import MOST_CONNECTIONS, Listener
from explorer.wire.server_body import BLOCK, BodyBroken, BodyReader, BodyTooLong
from explorer.wire.server_connection import Handler, ServedConnection
from explorer.wire.server_messages import (
    LONGEST_HEAD,
    MOST_HEADERS,
    Incoming,
    Outgoing,
    closing_answer,
    pieces_of,
    plain_answer,
)
from explorer.wire.server_tls import PLAIN_TEXT, Certificate, ServerTls

__all__ = [
    "BLOCK",
    "LONGEST_HEAD",
    "MOST_CONNECTIONS",
    "MOST_HEADERS",
    "PLAIN_TEXT",
    "BodyBroken",
    "BodyReader",
    "BodyTooLong",
    "Certificate",
    "Handler",
    "Incoming",
    "Outgoing",
    "Server",
    "ServerTls",
    "pieces_of",
    "plain_answer",
]


class Server(Listener):
    """Listens on one address and serves every connection in its own thread, with `tls` over TLS."""

    def __init__(
        self,
        handler: Handler,
        host: str = "127.0.0.1",
        port: int = 0,
        idle_seconds: float = 60.0,
        tls: ServerTls | None = None,
    ) -> None:
        def serve(sock: socket.socket, peer: str, local: str) -> None:
            if tls is None:
                ServedConnection(sock, peer, local, handler, idle_seconds).serve()
            elif secure := tls.begin(sock, idle_seconds):
                ServedConnection(secure, peer, local, handler, idle_seconds, scheme="https").serve()

        self._scheme = "http" if tls is None else "https"
        sentence = f"{MOST_CONNECTIONS} connections are open already; close some and try again."
        super().__init__(serve, host, port, closing_answer(503, sentence))

    @property
    def address(self) -> Origin:
        """Where requests are answered; the port is known once it has been started."""
        plain = super().address
        return Origin(self._scheme, plain.host, plain.port)
