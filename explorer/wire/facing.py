"""The server on a connection that somebody else has taken, and perhaps read from already."""

from __future__ import annotations

import socket
from collections.abc import Callable
from types import TracebackType
from typing import BinaryIO, Self

from explorer.wire.server_connection import Handler, Refused, ServedConnection
from explorer.wire.streams import Stream

Said = Callable[[bytes | memoryview], None]
"""Is given everything that the client is told, before it is sent."""

_BLOCK = 256 * 1024
_IDLE_SECONDS = 86400.0  # how long a client may wait is its own and the other side's affair


def serve_stream(
    stream: Stream, before: bytes, addresses: tuple[str, str], handler: Handler, said: Said, refused: Refused
) -> None:
    """Answer the requests of a connection to its end; it is still to be closed.

    `before` is what was read of it already, `addresses` are those of the client and the own one. `refused` is given the
    bytes of a head that the handler cannot be asked with, and those of the answer to it.
    """
    peer, local = addresses
    ServedConnection(_Facing(stream, before, said), peer, local, handler, _IDLE_SECONDS, refused).serve()


class _Facing:
    """A stream in the place of a socket."""

    def __init__(self, stream: Stream, before: bytes, said: Said) -> None:
        self._stream = stream
        self._before = memoryview(before)
        self._said = said
        self._socket = stream.socket

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave it open."""

    def recv_into(self, view: memoryview) -> int:
        """Receive what was read before, then what comes."""
        if not self._before:
            return self._socket.recv_into(view)
        count = min(len(view), len(self._before))
        view[:count], self._before = self._before[:count], self._before[count:]
        return count

    def sendall(self, data: bytes | memoryview) -> None:
        """Send all."""
        self._said(data)
        self._socket.sendall(data)

    def sendfile(self, file: BinaryIO, offset: int, count: int) -> int:
        """Send a part of a file."""
        file.seek(offset)
        left = count
        while left and (block := file.read(min(_BLOCK, left))):
            self.sendall(block)
            left -= len(block)
        return count - left

    def settimeout(self, seconds: float | None) -> None:
        """Wait no longer than so many seconds."""
        self._socket.settimeout(seconds)

    def setsockopt(self, level: int, option: int, value: int) -> None:
        """Set an option."""
        self._socket.setsockopt(level, option, value)

    def shutdown(self, how: int) -> None:
        """End a direction."""
        socket.socket.shutdown(self._socket, how)
