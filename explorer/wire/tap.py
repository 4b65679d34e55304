"""The tap: sees every byte of an exchange, and puts the head on the wire exactly as it is written.

A head waits for the first of its body, so that a small request leaves in one piece. Over HTTP/2 there is no head in
bytes: the tap is told the lists of headers that were sent and received.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import replace

import httpcore

from explorer.model import Connection, Headers, Request, body_size
from explorer.wire.certificates import certificate_text
from explorer.wire.heads import Head, read_heads
from explorer.wire.sockets import MOST_AHEAD, Peekable, Stopper

HEAD_LIMIT = 128 * 1024
"""So many bytes of what is received are kept to find the heads in."""

_ANNOUNCEMENT = b"HTTP/1.1 1"


class Tap:
    """What one exchange puts on the wire and gets from it; times are seconds of `time.perf_counter`."""

    def __init__(self, request: Request, head: bytes, proxy: str = "") -> None:
        """Take the request, its head as it has to go out, and what a proxy does."""
        self.request = request
        self.head = head
        self.body_size = body_size(request.body)
        self.is_chunked = is_chunked(request.headers)
        closes = "close" in (request.headers.get("Connection") or "").lower()
        self.may_be_kept = _is_true(request.headers, self.body_size) and not closes
        self.trailers = Headers()
        self.proxy = proxy
        self.stopper = Stopper()
        self.sent_head = b""
        self.received = bytearray()
        self.received_size = 0
        self.lists: list[Head] = []
        self.connected_at: float | None = None
        self.first_byte_at: float | None = None
        self.last_sent_at: float | None = None
        self.connection = Connection()
        self._is_waiting: Callable[[float], bool] | None = None
        self._stream: TappedStream | None = None
        self._heads: tuple[Head, ...] = ()
        self._tail = b""

    @property
    def is_stopped(self) -> bool:
        """Whether a stop has come."""
        return self.stopper.is_stopped

    @property
    def heads(self) -> tuple[Head, ...]:
        """The heads that have come, or over HTTP/2 the lists of headers, 1xx before the final one."""
        if self.connection.version:
            return tuple(self.lists)
        if not (self._heads and self._heads[-1].is_final):
            self._heads = read_heads(bytes(self.received))
        return self._heads

    def begin(self, link: Connection, is_waiting: Callable[[float], bool], stream: TappedStream | None = None) -> None:
        """Note the connection that carries this exchange, and who can tell whether an answer is waiting.

        The stream is that of HTTP/1.1.
        """
        is_reused = self.connected_at is None
        is_same = (link.reused, link.proxy) == (is_reused, self.proxy)
        self.connection = link if is_same else replace(link, reused=is_reused, proxy=self.proxy)
        self._is_waiting = is_waiting
        self._stream = stream
        # A stop that came while the connection was made found nothing to end.
        self.stopper.check()

    def wrote(self) -> None:
        """Note that bytes have left."""
        self.last_sent_at = time.perf_counter()

    def began_to_answer(self) -> None:
        """Note that the first of the answer has come."""
        if self.first_byte_at is None:
            self.first_byte_at = time.perf_counter()

    def incoming(self, data: bytes) -> None:
        """Note bytes that have come."""
        if data:
            self.began_to_answer()
        if len(self.received) < HEAD_LIMIT:
            self.received += data[: HEAD_LIMIT - len(self.received)]
        self.received_size += len(data)
        self._tail = (self._tail + data[-4:])[-4:]

    def end_answer(self, body_size: int, *, is_chunked: bool) -> None:
        """Note the end of the answer; a connection on which more came than that is not used again.

        What is left over would be taken for the next answer. Where the chunks of a body end is not known here, only
        that they end in an empty line.
        """
        if self._stream is None:
            return
        heads = sum(len(head.raw) for head in self.heads)
        is_over = self._tail == b"\r\n\r\n" if is_chunked else self.received_size == heads + body_size
        if not is_over:
            self._stream.is_spent = True

    def answer_is_waiting(self, seconds: float = 0.0) -> bool:
        """Say whether a final answer has begun to come; waits up to `seconds`.

        Waiting 1xx heads are no final answer and end the wait.
        """
        return bool(self._is_waiting and self._is_waiting(seconds))

    def stop(self) -> None:
        """End the exchange from another thread: what waits ends at once."""
        self.stopper.stop()


def described(stream: httpcore.NetworkStream, version: str = "") -> Connection:
    """Return what is known of a connection before it is used; `version` where no heads in bytes cross it."""
    plain = Connection(local=_address(stream, "client_addr"), peer=_address(stream, "server_addr"), version=version)
    secure = stream.get_extra_info("ssl_object")
    if not isinstance(secure, ssl.SSLSocket | ssl.SSLObject):
        return plain
    cipher = secure.cipher()
    return replace(
        plain,
        tls=secure.version() or "",
        cipher=cipher[0] if cipher else "",
        certificate=certificate_text(secure.getpeercert(binary_form=True) or b""),
        alpn=secure.selected_alpn_protocol() or "",
    )


def is_chunked(headers: Headers) -> bool:
    """Say whether a body goes in chunks (RFC 9112, 7.1)."""
    return any(value.strip().lower() == "chunked" for value in headers.all("Transfer-Encoding"))


def _is_true(headers: Headers, size: int) -> bool:
    """Say whether the framing of a request is what it really is; a false one ends the connection afterwards."""
    declared = tuple(value.strip() for value in headers.all("Content-Length"))
    if is_chunked(headers):
        return not declared
    return declared == (str(size),) or (not declared and size == 0)


def _begins_a_final_answer(waiting: bytes) -> bool:
    heads = read_heads(waiting)
    if heads and heads[-1].is_final:
        return True
    rest = waiting[sum(len(head.raw) for head in heads) :]
    return not _ANNOUNCEMENT.startswith(rest[: len(_ANNOUNCEMENT)]) or rest.startswith(b"HTTP/1.1 101")


def _address(stream: httpcore.NetworkStream, end: str) -> str:
    try:
        pair = stream.get_extra_info(end)
    except OSError:
        return ""  # it was reset already
    if not isinstance(pair, tuple) or len(pair) < 2:
        return f"unix:{pair}" if pair and isinstance(pair, str) else ""
    host = f"[{pair[0]}]" if ":" in str(pair[0]) else str(pair[0])
    return f"{host}:{pair[1]}"


class Current:
    """The tap of the exchange that is under way."""

    tap: Tap | None = None


class TappedStream:
    """One connection of HTTP/1.1, passing what goes through it to the tap."""

    def __init__(self, inner: Peekable, current: Current) -> None:
        self._inner = inner
        self._current = current
        self._link = described(inner)
        self._held = b""
        self._timeout: float | None = None
        self.is_spent = False
        inner.has_answer = lambda: self.answer_is_waiting(0.0)

    def begin(self, tap: Tap, timeout: float | None) -> None:
        """Hold the head of a request until more of it is written, or an answer is looked for."""
        tap.begin(self._link, self.answer_is_waiting, self)
        self._link = tap.connection  # the same for all that follow
        self._held, self._timeout = tap.head, timeout

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come."""
        data = self._inner.read(max_bytes, timeout)
        if self._current.tap:
            self._current.tap.incoming(data)
        return data

    def write(self, data: bytes, timeout: float | None = None) -> None:
        """Write what is held, and this."""
        tap = self._current.tap
        if self._held and tap:
            tap.sent_head = self._held
            data, self._held = self._held + data, b""
        self._inner.write(data, timeout)
        if tap:
            tap.wrote()

    def flush(self) -> None:
        """Write what is held."""
        if self._held:
            self.write(b"", self._timeout)

    def answer_is_waiting(self, seconds: float) -> bool:
        """Say whether a final answer, or the end, has begun to come."""
        self.flush()
        if not self._inner.look_ahead(seconds):
            return False
        waiting = bytes(self._inner.ahead)
        return not waiting or len(waiting) >= MOST_AHEAD or _begins_a_final_answer(waiting)

    def is_readable(self) -> bool:
        """Say whether something has come, or the end; one that is spent reads as ended by the other side."""
        return self.is_spent or bool(self._inner.get_extra_info("is_readable"))

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()
