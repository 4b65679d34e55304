"""A small HTTP/1.1 server: a thread per connection, blocking sockets, heads read by h11, bodies in one buffer.

    with Server(handler) as server:
        ...   # server.address is where it answers

The handler is called with an Incoming, from several threads at once, and returns an Outgoing. Where it raises a
WireError (as reading a body that broke off does), the connection is closed without an answer; any other exception is
answered with a 500, and the server lives on. Nothing is ever written to stderr.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import threading
import time
from types import TracebackType
from typing import Self

from explorer.errors import InputError
from explorer.model import Origin
from explorer.wire.server_body import BLOCK, BodyBroken, BodyReader, BodyTooLong
from explorer.wire.server_connection import Handler, ServedConnection
from explorer.wire.server_messages import LONGEST_HEAD, MOST_HEADERS, Incoming, Outgoing, closing_answer, plain_answer

__all__ = [
    "BLOCK",
    "LONGEST_HEAD",
    "MOST_HEADERS",
    "BodyBroken",
    "BodyReader",
    "BodyTooLong",
    "Handler",
    "Incoming",
    "Outgoing",
    "Server",
    "plain_answer",
]

MOST_CONNECTIONS = 256
"""Connections that are served at one time; a further one is answered with 503."""

_JOIN_SECONDS = 10.0
# Linux opens no window after SHUT_RD: without a reset, a client in the middle of a body would wait for one for minutes.
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)


class Server:
    """Listens on one address and serves every connection in its own thread."""

    def __init__(self, handler: Handler, host: str = "127.0.0.1", port: int = 0, idle_seconds: float = 60.0) -> None:
        self._handler = handler
        self._host = host.strip("[]").lower()
        self._port = port
        self._idle = idle_seconds
        self._lock = threading.Lock()
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._listener: socket.socket | None = None
        self._waker: socket.socket | None = None
        self._acceptor: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def address(self) -> Origin:
        """Where the server answers; the port is known once it has been started."""
        port = self._listener.getsockname()[1] if self._listener else self._port
        return Origin("http", self._host, port)

    def start(self) -> None:
        """Listen and serve, in threads of its own; raises InputError where the address cannot be had."""
        self._listener = _listen(self._host, self._port)
        self._waker, woken = socket.socketpair()
        self._acceptor = threading.Thread(
            target=self._accept_all, args=(self._listener, woken), name="accept", daemon=True
        )
        self._acceptor.start()

    def stop(self) -> None:
        """Close the listening socket and every connection, and wait for their threads."""
        if self._waker is None or self._acceptor is None:
            return
        self._waker.close()
        self._acceptor.join(_JOIN_SECONDS)
        self._listener = self._waker = self._acceptor = None
        with self._lock:
            open_connections = dict(self._connections)
        for sock in open_connections.values():
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
                sock.shutdown(socket.SHUT_RDWR)
        for thread in open_connections:
            thread.join(_JOIN_SECONDS)

    def _accept_all(self, listener: socket.socket, woken: socket.socket) -> None:
        with listener, woken, selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            selector.register(woken, selectors.EVENT_READ)
            while all(key.fileobj is not woken for key, _ in selector.select()):
                try:
                    sock, peer = listener.accept()
                except OSError:  # the client has gone already, or there are no more file descriptors for now
                    time.sleep(0.02)
                    continue
                self._begin(sock, _authority(peer))

    def _begin(self, sock: socket.socket, peer: str) -> None:
        with self._lock:
            if len(self._connections) >= MOST_CONNECTIONS:
                _turn_away(sock)
                return
            thread = threading.Thread(target=self._serve, args=(sock, peer), name=f"serve {peer}", daemon=True)
            self._connections[thread] = sock
            thread.start()

    def _serve(self, sock: socket.socket, peer: str) -> None:
        # The border: a thread that fails would write to stderr.
        with contextlib.suppress(Exception):
            ServedConnection(sock, peer, _authority(sock.getsockname()), self._handler, self._idle).serve()
        sock.close()
        with self._lock:
            self._connections.pop(threading.current_thread(), None)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.create_server(address[:2], family=family, backlog=128)
    except (OSError, OverflowError) as refused:
        raise InputError(
            f"Nothing can listen on {host} port {port}: {refused}. Choose another port or host."
        ) from refused
    listener.setblocking(False)
    return listener


def _authority(address: tuple[str, int]) -> str:
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _turn_away(sock: socket.socket) -> None:
    sentence = f"{MOST_CONNECTIONS} connections are open already; close some and try again."
    with sock, contextlib.suppress(OSError):
        sock.settimeout(1)
        sock.sendall(closing_answer(503, sentence))
