"""Streams: the two ends of what is relayed. One thread may read from a stream while another one writes to it.

A plain socket blocks. One with TLS never does: OpenSSL's objects are no good to two threads at once, so each call on it
is short and under a lock, and the waiting is done outside.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import replace

from explorer.model import Connection
from explorer.wire.certificates import certificate_text
from explorer.wire.listening import Listener

_RESET_AT_CLOSE = struct.pack("ii", 1, 0)
_ENDED = select.POLLIN | select.POLLHUP | select.POLLERR | select.POLLNVAL


class Stream:
    """A plain connection; each method raises OSError where it broke."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        sock.settimeout(None)

    @property
    def socket(self) -> socket.socket:
        """The socket itself, for what cannot do with less."""
        return self._sock

    def fileno(self) -> int:
        """Return the number to wait for it by."""
        return self._sock.fileno()

    @property
    def pending(self) -> int:
        """Bytes that were received already, and that no waiting on the socket tells of."""
        return 0

    def describe(self) -> Connection:
        """Return its two addresses."""
        with contextlib.suppress(OSError):
            return Connection(_text(self._sock.getsockname()), _text(self._sock.getpeername()))
        return Connection()

    def receive_into(self, view: memoryview) -> int:
        """Receive what has come, or wait for it; 0 at the end."""
        return self._sock.recv_into(view)

    def try_to_receive_into(self, view: memoryview) -> int | None:
        """Receive what has come without waiting; None where nothing has, 0 at the end."""
        try:
            return self._sock.recv_into(view, 0, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None

    def send(self, data: bytes | bytearray | memoryview) -> None:
        """Send all of it."""
        self._sock.sendall(data)

    def has_ended(self) -> bool:
        """Say whether the other side has sent all that it ever will; False where bytes are waiting."""
        try:
            return not self._sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False

    def end_sending(self) -> None:
        """Send no more; what comes is still received. Does nothing where it broke."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._sock, socket.SHUT_WR)

    def stop(self) -> None:
        """End both directions, from any thread, so that whoever waits for it comes back; it is still to be closed."""
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def close(self, *, reset: bool = False) -> None:
        """Close it, with a reset where the other side is to see one."""
        if reset:
            with contextlib.suppress(OSError):
                self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
        with contextlib.suppress(OSError):
            self._sock.close()


def stream_of(sock: socket.socket) -> Stream:
    """Return the stream of a connected socket, plain or in TLS."""
    return TlsStream(sock) if isinstance(sock, ssl.SSLSocket) else Stream(sock)


def listen(serve: Callable[[Stream], None], host: str, port: int, farewell: bytes) -> Listener:
    """Return what will listen and have each connection served, as a stream; `farewell` is said to one too many."""

    def serve_socket(sock: socket.socket, peer: str, local: str) -> None:
        del peer, local
        serve(Stream(sock))

    return Listener(serve_socket, host, port, farewell)


class TlsStream(Stream):
    """A connection over TLS."""

    def __init__(self, sock: ssl.SSLSocket) -> None:
        super().__init__(sock)
        self._secure = sock
        self._lock = threading.Lock()
        sock.setblocking(False)

    @property
    def pending(self) -> int:
        """Bytes that were decrypted already."""
        with self._lock:
            return self._secure.pending()

    def describe(self) -> Connection:
        """Return its addresses, and what TLS agreed upon."""
        cipher = self._secure.cipher()
        return replace(
            super().describe(),
            tls=self._secure.version() or "",
            cipher=cipher[0] if cipher else "",
            certificate=certificate_text(self._secure.getpeercert(binary_form=True) or b""),
            alpn=self._secure.selected_alpn_protocol() or "",
        )

    def receive_into(self, view: memoryview) -> int:
        """Receive what has come, or wait for it; 0 at the end, also where TLS was not ended as it should be."""
        while (received := self.try_to_receive_into(view)) is None:
            _wait(self._sock, select.POLLIN)
        return received

    def try_to_receive_into(self, view: memoryview) -> int | None:
        """Receive what has come without waiting; None where only TLS's own messages have, 0 at the end."""
        try:
            with self._lock:
                return self._secure.recv_into(view)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return 0

    def send(self, data: bytes | bytearray | memoryview) -> None:
        """Send all of it."""
        left = memoryview(data)
        while left:
            try:
                with self._lock:
                    sent = self._secure.send(left)
                left = left[sent:]
            except ssl.SSLWantReadError:
                _wait(self._sock, select.POLLIN)
            except ssl.SSLWantWriteError:
                _wait(self._sock, select.POLLOUT)


class Watch:
    """Waits for the first of several streams to have something: bytes, its end, or that it broke."""

    def __init__(self, *streams: Stream) -> None:
        self._streams = {stream.fileno(): stream for stream in streams}
        self._poll = select.poll()
        for number in self._streams:
            self._poll.register(number, select.POLLIN)

    def wait(self, seconds: float | None = None) -> list[Stream]:
        """Return those that have something; none where the time was up."""
        ready = [stream for stream in self._streams.values() if stream.pending]
        if ready:
            return ready
        found = self._poll.poll(None if seconds is None else seconds * 1000)
        return [self._streams[number] for number, event in found if event & _ENDED]


def _wait(sock: socket.socket, event: int) -> None:
    poll = select.poll()
    poll.register(sock, event)
    poll.poll()


def _text(address: object) -> str:
    if not isinstance(address, tuple) or len(address) < 2:
        return f"unix:{address}" if address and isinstance(address, str) else ""
    host = f"[{address[0]}]" if ":" in str(address[0]) else str(address[0])
    return f"{host}:{address[1]}"
