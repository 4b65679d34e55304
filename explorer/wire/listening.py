"""Listening on an address: each connection is served in a thread of its own.

Nothing is ever written to stderr; what serves a connection may raise what it likes, the others go on.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from explorer.errors import InputError
from explorer.model import Origin

MOST_CONNECTIONS = 256
"""Connections that are served at one time; a further one is turned away."""

_JOIN_SECONDS = 10.0
# Linux opens no window after SHUT_RD: without a reset, a client in the middle of a body would wait for one for minutes.
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)

Serve = Callable[[socket.socket, str, str], None]
"""Serves a connection to its end: the socket, the address of the other side, and the own one."""


class Listener:
    """Listens on one address and serves every connection in its own thread."""

    def __init__(self, serve: Serve, host: str = "127.0.0.1", port: int = 0, farewell: bytes = b"") -> None:
        """Take what serves a connection, and what is said to one too many before it is closed."""
        self._serve = serve
        self._host = host.strip("[]").lower()
        self._port = port
        self._farewell = farewell
        self._lock = threading.Lock()
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._bound = 0
        self._waker: socket.socket | None = None
        self._acceptor: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def address(self) -> Origin:
        """Where connections are or were taken; the port is known once it has been started."""
        return Origin("http", self._host, self._bound or self._port)

    def start(self) -> None:
        """Listen and serve, in threads of its own; raises InputError where the address cannot be had."""
        listener = _listen(self._host, self._port)
        self._bound = listener.getsockname()[1]
        self._waker, woken = socket.socketpair()
        self._acceptor = threading.Thread(target=self._accept_all, args=(listener, woken), name="accept", daemon=True)
        self._acceptor.start()

    @property
    def serve(self) -> Serve:
        """What serves a connection, for one that another one has taken."""
        return self._serve

    def stop(self) -> None:
        """Close the listening socket and every connection, and wait for their threads."""
        if self._waker is None or self._acceptor is None:
            return
        self._waker.close()
        self._acceptor.join(_JOIN_SECONDS)
        self._waker = self._acceptor = None
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
                _turn_away(sock, self._farewell)
                return
            thread = threading.Thread(target=self._serve_one, args=(sock, peer), name=f"serve {peer}", daemon=True)
            self._connections[thread] = sock
            thread.start()

    def _serve_one(self, sock: socket.socket, peer: str) -> None:
        # The border: a thread that fails would write to stderr.
        with contextlib.suppress(Exception):
            self._serve(sock, peer, _authority(sock.getsockname()))
        sock.close()
        with self._lock:
            self._connections.pop(threading.current_thread(), None)


def _listen(host: str, port: int) -> socket.socket:
    name = host.encode() if host.isascii() else host  # a text loads Python's tables of international names
    try:
        family, _, _, _, address = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.create_server(address[:2], family=family, backlog=128)
    except socket.gaierror as unknown:
        raise InputError(f"'{host}' is no address of this machine to listen on; the port is given apart.") from unknown
    except (OSError, OverflowError) as refused:
        why = os.strerror(refused.errno) if isinstance(refused, OSError) and refused.errno else str(refused)
        raise InputError(f"Nothing can listen on {host} port {port}: {why}. Choose another port or host.") from refused
    listener.setblocking(False)
    return listener


def _authority(address: tuple[str, int]) -> str:
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _turn_away(sock: socket.socket, farewell: bytes) -> None:
    with sock, contextlib.suppress(OSError):
        sock.settimeout(1)
        sock.sendall(farewell)
