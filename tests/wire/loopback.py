"""A plain socket server that keeps exactly the bytes that it got and says exactly the bytes that it is told to."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self

from explorer.model import Headers, Origin, Request
from explorer.wire.client import Client
from explorer.wire.options import ConnectionOptions, Timeouts
from explorer.wire.sent import Sent

PATIENCE = 60.0
"""Seconds after which a test that waits for bytes has failed."""

NOWHERE = Origin("http", "127.0.0.1", 1)
GET = Request("GET", NOWHERE, "/v2/", Headers.of(("Host", "registry.test")))
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@dataclass
class Talk:
    """One connection, seen from the server: what it got so far, and the socket."""

    socket: socket.socket
    got: bytearray = field(default_factory=bytearray)

    def read(self) -> bytes:
        """Read some more bytes; none where the client has closed."""
        with contextlib.suppress(ConnectionError):
            more = self.socket.recv(1 << 16)
            self.got += more
            return more
        return b""

    def until(self, mark: bytes, start: int = 0) -> int:
        """Read until the mark has come, and return where it ends."""
        while mark not in self.got[start:]:
            if not self.read():
                raise EOFError(f"the client closed before {mark!r} came")
        return self.got.index(mark, start) + len(mark)

    def request(self, body: int = 0, start: int = 0) -> int:
        """Read a head and so many bytes of a body, and return where they end."""
        end = self.until(b"\r\n\r\n", start) + body
        while len(self.got) < end:
            if not self.read():
                raise EOFError("the client closed before the body was through")
        return end

    def say(self, raw: bytes) -> None:
        """Send bytes."""
        self.socket.sendall(raw)

    def wait(self) -> None:
        """Read and say nothing until the client closes."""
        while self.read():
            pass

    def end(self) -> None:
        """Say no more, and read what the client still sends."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)
            self.wait()

    def reset(self) -> None:
        """Break the connection off."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


Manner = Callable[[Talk], None]


def answering(*raw: bytes, body: int = 0) -> Manner:
    """Answer one request after the other with those bytes, each request having so many bytes of a body."""

    def talk(talk: Talk) -> None:
        start = 0
        for one in raw:
            start = talk.request(body, start)
            talk.say(one)
        talk.end()

    return talk


class Loopback:
    """Listens on a free port; the first connection is served in the first manner, and so on, the last ever after."""

    def __init__(self, *manners: Manner, tls: ssl.SSLContext | None = None) -> None:
        self._manners = manners
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.origin = Origin("https" if tls else "http", "127.0.0.1", self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.talks: list[Talk] = []
        self.errors: list[BaseException] = []
        self._is_over = False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # A connection of its own ends the accept that waits.
        self._is_over = True
        with contextlib.suppress(OSError):
            socket.create_connection(self._listener.getsockname(), 1).close()
        self._thread.join(PATIENCE)
        self._listener.close()

    @property
    def received(self) -> list[bytes]:
        """What each connection got."""
        return [bytes(talk.got) for talk in self.talks]

    def _serve(self) -> None:
        threads: list[threading.Thread] = []
        while True:
            connection, _ = self._listener.accept()
            if self._is_over:
                connection.close()
                break
            connection.settimeout(PATIENCE)
            manner = self._manners[min(len(threads), len(self._manners) - 1)]
            threads.append(threading.Thread(target=self._talk, args=(connection, manner), daemon=True))
            threads[-1].start()
        for thread in threads:
            thread.join(PATIENCE)

    def _talk(self, connection: socket.socket, manner: Manner) -> None:
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            self.talks.append(Talk(connection))
            manner(self.talks[-1])
        except (OSError, EOFError) as error:
            self.errors.append(error)
        finally:
            connection.close()


def exchange(request: Request, *manners: Manner, timeouts: Timeouts | None = None) -> tuple[Sent, bytes]:
    """Send one request and return what came of it, and the bytes that the server got."""
    with Loopback(*manners) as server, closing(Client(ConnectionOptions(timeouts=timeouts or Timeouts()))) as client:
        came = client.send(replace(request, origin=server.origin))
    return came, b"".join(server.received)


def exchanges(count: int, *manners: Manner) -> tuple[list[Sent], list[bytes]]:
    """Send a request several times by one client; return what came of each, and the bytes of each connection."""
    with Loopback(*manners) as server, closing(Client()) as client:
        came = [client.send(replace(GET, origin=server.origin)) for _ in range(count)]
    return came, server.received
