"""One connection: requests one after the other, each answered before the next is read.

The connection is kept unless one side says `close`, the body was not read to its end, or the framing is in doubt.
What a client still sends is then read for a moment before the socket is closed, so that no reset eats the answer.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import socket
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from explorer.errors import WireError
from explorer.model import Headers, Slice
from explorer.wire.server_body import BodyBroken, BodyReader, BodyTooLong, Input
from explorer.wire.server_messages import (
    LONGEST_HEAD,
    BadHead,
    Head,
    Incoming,
    Outgoing,
    closing_answer,
    parse_head,
    pieces_of,
    plain_answer,
    render_head,
)

Handler = Callable[[Incoming], Outgoing]
Refused = Callable[[bytes, bytes], None]

_UNREAD_CAP = 256 * 1024
_UNREAD_SECONDS = 2.0
_LINGER_SECONDS = 1.0
_ONE_WRITE = 64 * 1024
_HEAD_END = re.compile(rb"\n\r?\n")
_LINE_ENDS = re.compile(rb"[\r\n]*")


class Channel(Protocol):
    """What of a socket is needed to serve a connection."""

    def __enter__(self) -> object:
        """Begin."""

    def __exit__(self, *error: Any) -> None:
        """Close it."""

    def recv_into(self, buffer: memoryview, /) -> int:
        """Receive what has come."""

    def sendall(self, data: bytes | memoryview, /) -> None:
        """Send all."""

    def sendfile(self, file: BinaryIO, offset: int, count: int) -> int:
        """Send a part of a file."""

    def settimeout(self, seconds: float | None, /) -> None:
        """Wait no longer than so many seconds."""

    def setsockopt(self, level: int, option: int, value: int, /) -> None:
        """Set an option."""

    def shutdown(self, how: int, /) -> None:
        """End a direction."""


class ServedConnection:
    """A connection and the loop that serves it."""

    def __init__(
        self,
        sock: Channel,
        peer: str,
        local: str,
        handler: Handler,
        idle_seconds: float,
        refused: Refused = lambda *_: None,
        scheme: str = "http",
    ) -> None:
        """Take the connection; it is closed where nothing comes for so many seconds.

        `refused` is told of what cannot be handled: the bytes of the head, or of its begin, and those of the answer.
        """
        self._refused = refused
        self._sock = sock
        self._peer = peer
        self._local = local
        self._handler = handler
        self._idle = idle_seconds
        self._scheme = scheme
        self._input = Input(sock.recv_into)

    def serve(self) -> None:
        """Answer requests until one side is done, then close the socket. Raises nothing."""
        with self._sock, contextlib.suppress(OSError):
            self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sock.settimeout(self._idle)
            while self._serve_one():
                pass
            self._linger()

    def _serve_one(self) -> bool:
        raw = b""
        try:
            raw = self._read_head()
            if not raw:
                return False
            head = parse_head(raw)
        except BadHead as bad:
            answer = closing_answer(bad.status, bad.sentence)
            self._refused(raw or self._input.peek(LONGEST_HEAD), answer)
            self._sock.sendall(answer)
            return False
        body = BodyReader(self._input, head.length, self._send_continue if head.expects_continue else lambda: None)
        host = head.authority or self._local
        incoming = Incoming(
            head.method, head.target, head.headers, body, self._peer, host, head.version, raw, self._scheme
        )
        outgoing = self._answer(incoming)
        return outgoing is not None and self._send(head, body, outgoing)

    def _read_head(self) -> bytes:
        """Return the bytes of the next head; nothing where the client closed, or was idle, between two requests.

        However slowly its bytes come, it has to be there whole in the time that a client may be idle.
        """
        end = 0.0
        while not (length := self._whole_head()):
            if len(self._input) > LONGEST_HEAD:
                raise BadHead(431, f"The head of the request is longer than {LONGEST_HEAD} bytes.")
            try:
                if len(self._input):
                    end = end or time.monotonic() + self._idle
                    self._sock.settimeout(max(0.001, end - time.monotonic()))
                more = self._input.fill()
            except TimeoutError:
                if len(self._input):
                    raise BadHead(408, f"The head of the request did not end within {self._idle:g} seconds.") from None
                return b""
            if not more:
                if len(self._input):
                    raise BadHead(400, "The connection ended within the head of a request.")
                return b""
        self._sock.settimeout(self._idle)
        if length > LONGEST_HEAD:
            raise BadHead(431, f"The head of the request is longer than {LONGEST_HEAD} bytes.")
        return bytes(self._input.take(length))

    def _whole_head(self) -> int:
        """Return the length of a head that has arrived, 0 where it has not; blank lines before it are dropped."""
        self._input.skip(_LINE_ENDS)
        if len(self._input) and self._input.peek(1) < b"!":
            raise BadHead(400, "This is not a request that can be taken: it does not begin with a method.")
        return self._input.search(_HEAD_END)

    def _send_continue(self) -> None:
        try:
            self._sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        except OSError as lost:
            raise BodyBroken("The client went away before it sent its body.", "closed") from lost

    def _answer(self, incoming: Incoming) -> Outgoing | None:
        """Return the handler's answer, or one that says how it failed; None where there is nobody to answer."""
        try:
            return self._handler(incoming)
        except BodyTooLong as long:
            return plain_answer(413, long.sentence)
        except WireError as broken:
            status = {"not-http": 400, "timeout": 408}.get(broken.kind)
            return plain_answer(status, broken.sentence) if status else None
        except Exception as bug:  # the border: whatever a handler does wrong, the server lives on
            return _bug_answer(bug)

    def _send(self, head: Head, body: BodyReader, outgoing: Outgoing) -> bool:
        if outgoing.raw is not None:
            self._sock.sendall(outgoing.raw)
            return False
        keep = self._finish_body(head, body) and head.keeps_alive
        with contextlib.ExitStack() as files:
            try:
                size, send = self._sender(outgoing, files)
                keep = keep and _can_go_on(outgoing, size)
                raw = outgoing.head or render_head(outgoing, size, _connection_header(head, keep=keep))
            except (OSError, ValueError) as bug:
                outgoing = _bug_answer(bug)
                size, send = self._sender(outgoing, files)
                raw = render_head(outgoing, size, _connection_header(head, keep=keep))
            is_bare = head.method == "HEAD" or outgoing.status in (204, 304)
            if outgoing.cut is not None:
                self._send_cut(raw, b"" if is_bare else outgoing.body, outgoing.cut)
                return False
            if is_bare:
                self._sock.sendall(raw)
                return keep
            return send(raw) and keep

    def _send_cut(self, head: bytes, body: bytes | Slice | Iterable[bytes | memoryview], left: int) -> None:
        """Send no more than so many bytes of an answer."""
        for piece in itertools.chain([head], pieces_of(body)):
            self._sock.sendall(piece[:left])
            left -= len(piece)
            if left <= 0:
                return

    def _finish_body(self, head: Head, body: BodyReader) -> bool:
        """Read the small rest of a body that the handler left; False where the connection cannot go on after it."""
        if body.is_read:
            return True
        if body.is_broken or (head.expects_continue and not body.is_begun):
            return False
        if body.length is not None and body.length - body.received > _UNREAD_CAP:
            return False
        self._sock.settimeout(min(_UNREAD_SECONDS, self._idle))
        try:
            return body.discard(_UNREAD_CAP)
        except BodyBroken:
            return False
        finally:
            self._sock.settimeout(self._idle)

    def _sender(self, outgoing: Outgoing, files: contextlib.ExitStack) -> tuple[int | None, Callable[[bytes], bool]]:
        """Return the size of the answer's body, None where it is not known, and what sends head and body.

        That says whether all of it was sent. A file that cannot be opened raises OSError here, before anything is sent.
        """
        match outgoing.body:
            case bytes() as data:
                return len(data), lambda head: self._send_bytes(head, data)
            case Slice() as part:
                file = files.enter_context(Path(part.path).open("rb"))  # noqa: SIM115 - the stack closes it
                return part.length, lambda head: self._send_slice(head, file, part)
            case pieces:
                promised = outgoing.headers.get("Content-Length")
                return None, lambda head: self._send_pieces(head, pieces, promised)

    def _send_bytes(self, head: bytes, data: bytes) -> bool:
        if len(data) <= _ONE_WRITE:
            self._sock.sendall(head + data)
        else:
            self._sock.sendall(head)
            self._sock.sendall(data)
        return True

    def _send_slice(self, head: bytes, file: BinaryIO, part: Slice) -> bool:
        self._sock.sendall(head)
        return part.length == 0 or self._sock.sendfile(file, part.offset, part.length) == part.length

    def _send_pieces(self, head: bytes, pieces: Iterable[bytes | memoryview], promised: str | None) -> bool:
        self._sock.sendall(head)
        sent = 0
        try:
            for piece in pieces:
                self._sock.sendall(piece)
                sent += len(piece)
        except Exception:  # the border: the head is out, so all that can be said is that the body is not whole
            return False
        return promised is None or promised == str(sent)

    def _linger(self) -> None:
        self._sock.shutdown(socket.SHUT_WR)
        scratch = memoryview(bytearray(_ONE_WRITE))
        end = time.monotonic() + _LINGER_SECONDS
        while (left := end - time.monotonic()) > 0:
            self._sock.settimeout(left)
            if not self._sock.recv_into(scratch):
                return


def _can_go_on(outgoing: Outgoing, size: int | None) -> bool:
    """Say whether an answer leaves its connection usable: it is framed, and does not say `close`."""
    framed = size is not None or any(outgoing.headers.get(name) for name in ("Content-Length", "Transfer-Encoding"))
    return framed and "close" not in (outgoing.headers.get("Connection") or "").lower()


def _connection_header(head: Head, *, keep: bool) -> list[tuple[str, str]]:
    if not keep:
        return [("Connection", "close")]
    return [("Connection", "keep-alive")] if head.version == "HTTP/1.0" else []


def _bug_answer(bug: Exception) -> Outgoing:
    error = {"code": "UNKNOWN", "message": "unknown error", "detail": f"{type(bug).__name__}: {bug}"}
    body = json.dumps({"errors": [error]}).encode() + b"\n"
    return Outgoing(500, Headers.of(("Content-Type", "application/json")), body)
