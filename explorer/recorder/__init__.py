"""The recorder: a reverse proxy that passes on what any client and a registry say, byte for byte, and records it.

    with Book(write, tell, complain) as book, Recorder(Recording(origin), book) as recorder:
        ...   # point a client at recorder.address

Each connection has a thread, sockets block, heads are read leniently and changed only where an address would lead
around the recorder, bodies go through one buffer and are hashed there. Nothing is ever written to stderr.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from explorer.errors import FormatError
from explorer.faults.switchboard import Switchboard
from explorer.model import Origin
from explorer.recorder.book import Book
from explorer.recorder.connection import ClientConnection
from explorer.recorder.kept import BodyFolder
from explorer.recorder.lending import Lending
from explorer.recorder.mapping import Mapping
from explorer.recorder.pausing import Pauses
from explorer.recorder.shop import Shop
from explorer.recorder.wanted import Recording
from explorer.wire.reaching import Reaching
from explorer.wire.streams import Stream, listen

__all__ = ["Book", "Recorder", "Recording"]


# What passes must not wait for its turn until another thread has written an exchange, or drawn a screen.
_SWITCH_SECONDS = 0.0002

_TOO_MANY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 30\r\nConnection: close\r\n\r\n"
    b"Too many connections are open\n"
)


class Recorder:
    """Listens, passes on and records until it is stopped."""

    def __init__(self, wanted: Recording, book: Book) -> None:
        """Take what is wanted, and the book that takes what happens; whoever gives it closes it, after the stop.

        Raises InputError for a fault that there is not, or that no proxy can cause.
        """
        self.faults = Switchboard(wanted.faults, on_the_way=True)
        self.pauses = Pauses(wanted.pauses)
        self._wanted = wanted
        self._book = book
        self._listener = listen(self._serve, wanted.host, wanted.port, _TOO_MANY)
        self._connections: set[ClientConnection] = set()
        self._lock = threading.Lock()
        self._shop: Shop | None = None
        self._switched_after = 0.0  # what Python did before

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def address(self) -> Origin:
        """Where clients reach it; the port is known once it has been started."""
        return self._listener.address

    def start(self) -> None:
        """Listen; raises InputError or FormatError where an address, a proxy or a file cannot be used."""
        wanted = self._wanted
        reaching = Reaching(wanted.connection)
        reaching.make_ready(wanted.upstream)
        mapping = Mapping(wanted.upstream, wanted.base)
        folder = _folder(wanted.bodies) if wanted.bodies else None
        self._listener.start()
        self._switched_after = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_SECONDS)
        self._shop = Shop(
            mapping,
            Lending(mapping),
            reaching,
            self.address,
            self._book.later,
            self.faults,
            self.pauses,
            wanted.is_verbatim,
            folder,
        )

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._connections)

    def wait_until_idle(self, seconds: float) -> None:
        """Wait until no client is connected, but no longer than so many seconds."""
        until = time.monotonic() + seconds
        while self._connections and time.monotonic() < until:
            time.sleep(0.01)

    def stop(self) -> None:
        """End every connection; what is under way is recorded as interrupted."""
        self.faults.close()
        self.pauses.close()
        with self._lock:
            connections = tuple(self._connections)
        for connection in connections:
            connection.stop()
        self._listener.stop()
        if self._switched_after:
            sys.setswitchinterval(self._switched_after)
            self._switched_after = 0.0

    def _serve(self, stream: Stream) -> None:
        assert self._shop is not None
        connection = ClientConnection(stream, self._shop)
        with self._lock:
            self._connections.add(connection)
        try:
            connection.serve()
        finally:
            with self._lock:
                self._connections.discard(connection)


def _folder(path: str) -> BodyFolder:
    try:
        return BodyFolder(Path(path).expanduser())
    except OSError as bad:
        raise FormatError(path, f"bodies cannot be kept there: {bad.strerror}.") from bad
