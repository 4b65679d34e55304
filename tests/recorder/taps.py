"""An independent tap: a relay of bytes that knows nothing of HTTP and keeps what went each way on each connection."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass
class Tapped:
    """One connection through a tap: who made it, from where it went on, and the bytes in both directions."""

    peer: str
    onward: str
    there: bytearray = field(default_factory=bytearray)
    back: bytearray = field(default_factory=bytearray)


class Tap:
    """Listens, and passes every connection on to an address; with a TLS context it ends TLS there."""

    def __init__(self, onward: str, context: ssl.SSLContext | None = None) -> None:
        host, _, port = onward.rpartition(":")
        self._onward = (host, int(port))
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.connections: list[Tapped] = []

    @property
    def authority(self) -> str:
        """Where it listens."""
        return _text(self._listener.getsockname())

    def __enter__(self) -> Self:
        self._begin(self._accept)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for sock in self._sockets:
            sock.close()

    def made_by(self, peer: str) -> Tapped:
        """Return the connection that came from an address."""
        return next(tapped for tapped in self.connections if tapped.peer == peer)

    def gone_on_from(self, local: str) -> Tapped:
        """Return the connection that went on from an address."""
        return next(tapped for tapped in self.connections if tapped.onward == local)

    def _begin(self, run: object, *arguments: object) -> None:
        thread = threading.Thread(target=run, args=arguments, daemon=True)  # type: ignore[arg-type]  # any callable
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._begin(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        self._sockets.append(client)
        peer = _text(client.getpeername())
        try:
            if self._context:
                client = self._context.wrap_socket(client, server_side=True)
                self._sockets.append(client)
            onward = socket.create_connection(self._onward)
        except OSError:
            client.close()
            return
        self._sockets.append(onward)
        tapped = Tapped(peer, _text(onward.getsockname()))
        self.connections.append(tapped)
        _pass(client, onward, tapped)


def _pass(client: socket.socket, onward: socket.socket, tapped: Tapped) -> None:
    """Pass bytes on in both directions until both have ended; in one thread, since a socket in TLS is for one."""
    ends = {client: (onward, tapped.there), onward: (client, tapped.back)}
    while ends:
        is_held = client in ends and isinstance(client, ssl.SSLSocket) and client.pending()
        for source in [client] if is_held else select.select([*ends], [], [])[0]:
            target, kept = ends[source]
            with contextlib.suppress(OSError):
                if data := source.recv(1 << 16):
                    kept += data
                    target.sendall(data)
                    continue
            with contextlib.suppress(OSError):
                socket.socket.shutdown(target, socket.SHUT_WR)
            del ends[source]


def _text(address: tuple[str, int]) -> str:
    return f"{address[0]}:{address[1]}"
