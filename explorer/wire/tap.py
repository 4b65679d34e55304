"""The tap: a network backend of httpcore that sees every byte, and puts the head on the wire exactly as it is written.

httpcore hands its own idea of the head to the stream in one write; the tap sends the exact head in its place. The body
that follows is cut by the same Content-Length or chunks, so httpcore's state stays true to what happens.
"""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import httpcore

from explorer.model import Connection
from explorer.wire.certificates import certificate_text
from explorer.wire.heads import read_heads

HEAD_LIMIT = 128 * 1024
"""So many bytes of what is received are kept to find the heads in."""

_ANNOUNCEMENT = b"HTTP/1.1 1"


class Tap:
    """What one exchange puts on the wire and gets from it; times are seconds of `time.perf_counter`."""

    def __init__(self, head: bytes, proxy: str = "") -> None:
        self.head = head
        self.proxy = proxy
        self.sent_head = b""
        self.received = bytearray()
        self.received_size = 0
        self.connected_at: float | None = None
        self.first_byte_at: float | None = None
        self.last_sent_at: float | None = None
        self.is_stopped = False
        self.connection = Connection()
        self._stream: TappedStream | None = None
        self._head_is_due = False
        self._tail = b""

    def expect_head(self) -> None:
        """Take the next write for the head."""
        self._head_is_due = True

    def outgoing(self, stream: TappedStream, data: bytes) -> bytes:
        """Return what is to be written instead of `data`."""
        if self._head_is_due:
            self._head_is_due = False
            self._stream = stream
            self.connection = self._describe(stream)
            # A stop that came while the connection was made found nothing to end.
            if self.is_stopped:
                raise httpcore.ReadError("stopped")
            self.sent_head = self.head
            return self.head
        return data

    def wrote(self) -> None:
        """Note that bytes have left."""
        self.last_sent_at = time.perf_counter()

    def incoming(self, data: bytes) -> None:
        """Note bytes that have come."""
        if data and self.first_byte_at is None:
            self.first_byte_at = time.perf_counter()
        if len(self.received) < HEAD_LIMIT:
            self.received += data[: HEAD_LIMIT - len(self.received)]
        self.received_size += len(data)
        self._tail = (self._tail + data[-4:])[-4:]

    def end_answer(self, body_size: int, *, is_chunked: bool) -> None:
        """Note the end of the answer; a connection on which more came than that is not used again.

        What is left over would be taken for the next answer. Where the chunks of a body end is not known here, only
        that they end in an empty line.
        """
        heads = sum(len(head.raw) for head in read_heads(bytes(self.received)))
        is_over = self._tail == b"\r\n\r\n" if is_chunked else self.received_size == heads + body_size
        if self._stream and not is_over:
            self._stream.is_spent = True

    def _describe(self, stream: TappedStream) -> Connection:
        plain = Connection(
            local=_address(stream, "client_addr"),
            peer=_address(stream, "server_addr"),
            reused=self.connected_at is None,
            proxy=self.proxy,
        )
        secure = stream.get_extra_info("socket")
        if not isinstance(secure, ssl.SSLSocket):
            return plain
        cipher = secure.cipher()
        return replace(
            plain,
            tls=secure.version() or "",
            cipher=cipher[0] if cipher else "",
            certificate=certificate_text(secure.getpeercert(binary_form=True) or b""),
            alpn=secure.selected_alpn_protocol() or "",
        )

    def answer_is_waiting(self, seconds: float = 0.0) -> bool:
        """Say whether a final answer has begun to come; waits up to `seconds`. Never true over TLS (no peeking).

        Waiting 1xx heads are no final answer and end the wait.
        """
        sock = self._stream.get_extra_info("socket") if self._stream else None
        if not isinstance(sock, socket.socket) or isinstance(sock, ssl.SSLSocket):
            return False
        if not select.select([sock], [], [], seconds)[0]:
            return False
        try:
            waiting = sock.recv(HEAD_LIMIT, socket.MSG_PEEK)
        except OSError:
            return True
        return not waiting or _begins_a_final_answer(waiting)

    def stop(self) -> None:
        """End the exchange from another thread: what waits on the socket ends at once."""
        self.is_stopped = True
        sock = self._stream.get_extra_info("socket") if self._stream else None
        if isinstance(sock, socket.socket):
            try:
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
            except OSError:
                return


def _begins_a_final_answer(waiting: bytes) -> bool:
    heads = read_heads(waiting)
    if heads and heads[-1].is_final:
        return True
    rest = waiting[sum(len(head.raw) for head in heads) :]
    return not _ANNOUNCEMENT.startswith(rest[: len(_ANNOUNCEMENT)]) or rest.startswith(b"HTTP/1.1 101")


def _address(stream: TappedStream, end: str) -> str:
    try:
        pair = stream.get_extra_info(end)
    except OSError:
        return ""  # it was reset already
    if not isinstance(pair, tuple) or len(pair) < 2:
        return f"unix:{pair}" if pair and isinstance(pair, str) else ""
    host = f"[{pair[0]}]" if ":" in str(pair[0]) else str(pair[0])
    return f"{host}:{pair[1]}"


class TappedBackend(httpcore.NetworkBackend):
    """Connections whose bytes pass the tap of the exchange that is under way."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner
        self.tap: Tap | None = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Open a connection to a host."""
        try:
            stream = self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        except UnicodeError as bad:
            raise httpcore.ConnectError(str(bad)) from bad
        return self._tapped(stream)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Open a connection to a unix socket."""
        return self._tapped(self._inner.connect_unix_socket(path, timeout, socket_options))

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._inner.sleep(seconds)

    def _tapped(self, stream: httpcore.NetworkStream) -> TappedStream:
        if self.tap:
            self.tap.connected_at = time.perf_counter()
        return TappedStream(stream, self)


class TappedStream(httpcore.NetworkStream):
    """One connection, passing what goes through it to the tap."""

    def __init__(self, inner: httpcore.NetworkStream, backend: TappedBackend) -> None:
        self._inner = inner
        self._backend = backend
        self.is_spent = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come."""
        data = self._inner.read(max_bytes, timeout)
        if self._backend.tap:
            self._backend.tap.incoming(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write the head as the tap has it, and everything else as it is."""
        tap = self._backend.tap
        if not tap:
            self._inner.write(buffer, timeout)
            return
        self._inner.write(tap.outgoing(self, buffer), timeout)
        tap.wrote()

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go on in TLS."""
        stream = TappedStream(self._inner.start_tls(ssl_context, server_hostname, timeout), self._backend)
        if self._backend.tap:
            self._backend.tap.connected_at = time.perf_counter()
        return stream

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore knows about the connection; one that is spent reads as closed by the other side."""
        if info == "is_readable" and self.is_spent:
            return True
        return self._inner.get_extra_info(info)
