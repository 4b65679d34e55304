"""HTTP/2 (RFC 9113) on one connection, one exchange after the other, with the lists of headers exactly as they are.

h2 makes the frames and keeps the state; nothing is added to a list, joined, or left out of one.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings
import httpcore
from h2.errors import ErrorCodes

from explorer.wire.answer_body import AnswerBody
from explorer.wire.failures import NotHttp2
from explorer.wire.header_lists import fields_of, head_of, header_list, headers_of, list_text
from explorer.wire.heads import Head
from explorer.wire.sockets import Peekable
from explorer.wire.tap import Current, Tap, described

WINDOW = 1 << 24
"""So many bytes may come before they are taken; each is taken as it comes, so they are not kept."""

_BLOCK = 64 * 1024
_OF_A_CONNECTION = ("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade")


class Http2:
    """A connection on which HTTP/2 is spoken."""

    def __init__(self, stream: Peekable, current: Current, kept_seconds: float) -> None:
        self._stream = stream
        self._link = described(stream, "HTTP/2")
        self._current = current
        self._kept_seconds = kept_seconds
        self._state = h2.connection.H2Connection(
            h2.config.H2Configuration(
                header_encoding=None,
                validate_outbound_headers=False,
                normalize_outbound_headers=False,
                validate_inbound_headers=False,
                normalize_inbound_headers=False,
            )
        )
        self._has_begun = self._has_heard = self._is_closed = False
        self._why_ended = ""
        self._idle_since: float | None = None
        self._reset()

    def _reset(self, id: int = 0) -> None:
        """Begin with another exchange."""
        self._id = id
        self._head: Head | None = None
        self._blocks: deque[tuple[bytes, int]] = deque()
        self._is_through = self._has_announced = False
        self._why_reset = ""

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request as the tap has it, and return the answer as far as its headers."""
        tap = self._current.tap
        assert tap is not None
        self._idle_since = None
        timeouts = request.extensions["timeout"]
        try:
            tap.begin(self._link, self._answer_is_waiting)
            # It is raised, too, where an answer came before the body was through; what was wrong is read below.
            with suppress(httpcore.WriteError):
                self._begin(timeouts["write"])
                self._send(tap, request, timeouts)
            while self._head is None and not self._why_reset:
                self._pump(timeouts["read"])
            self._check()
        except h2.exceptions.ProtocolError as bad:
            self.close()
            raise httpcore.RemoteProtocolError(str(bad)) from bad
        except BaseException:
            self.close()
            raise
        assert self._head is not None
        return httpcore.Response(self._head.status, content=AnswerBody(self, timeouts["read"]))

    def _begin(self, timeout: float) -> None:
        if not self._has_begun:
            self._has_begun = True
            codes = h2.settings.SettingCodes
            wanted = {codes.ENABLE_PUSH: 0, codes.INITIAL_WINDOW_SIZE: WINDOW}
            self._state.local_settings = h2.settings.Settings(client=True, initial_values=wanted)
            self._state.initiate_connection()
            self._state.increment_flow_control_window(WINDOW)
        self._reset(self._state.get_next_available_stream_id())
        # The other side may need to hear that its last body was taken.
        self._flush(timeout)

    def _send(self, tap: Tap, request: httpcore.Request, timeouts: dict[str, float]) -> None:
        headers = header_list(tap.request)
        self._state.send_headers(self._id, fields_of(headers), end_stream=not tap.body_size)
        tap.sent_head = list_text(headers)
        self._flush(timeouts["write"])
        tap.wrote()
        assert isinstance(request.stream, Iterable)
        for block in request.stream:
            if not self._send_block(block, timeouts["write"]):
                return
            tap.wrote()
        if tap.body_size:
            self._state.end_stream(self._id)
            self._flush(timeouts["write"])

    @property
    def _has_answered(self) -> bool:
        return self._head is not None or bool(self._why_reset)

    def _send_block(self, block: bytes, timeout: float) -> bool:
        """Send a block of the body as far as the other side lets it; False where it has answered before that."""
        left = memoryview(block)
        while left:
            room = min(self._state.local_flow_control_window(self._id), self._state.max_outbound_frame_size)
            if room > 0:
                self._state.send_data(self._id, bytes(left[:room]))
                left = left[room:]
                continue
            self._flush(timeout)
            self._pump(timeout)
            if self._has_answered:
                return False
        self._flush(timeout)
        return True

    def _answer_is_waiting(self, seconds: float) -> bool:
        """Say whether the answer has begun to come; takes what is there, 1xx heads end the wait."""
        self._has_announced = False
        until = time.monotonic() + seconds
        while not self._has_answered and self._stream.look_ahead(max(0.0, until - time.monotonic())):
            self._pump(None)
            if self._has_announced:
                break
        return self._has_answered

    def _pump(self, timeout: float | None) -> None:
        """Read what comes next, and do what it asks for."""
        data = self._stream.read(_BLOCK, timeout)
        if not data:
            why = self._why_ended or "the connection was closed"
            raise httpcore.RemoteProtocolError(why)
        if not self._has_heard and data.startswith(b"HTTP/"):
            raise NotHttp2("it answered in HTTP/1, so it speaks no HTTP/2 there. Use --http 1.1, or auto")
        self._has_heard = True
        tap = self._current.tap
        try:
            events = self._state.receive_data(data)
        except h2.exceptions.ProtocolError:
            with suppress(httpcore.WriteError, httpcore.WriteTimeout):
                self._flush(timeout)
            raise
        for event in events:
            self._take(event, tap)
        with suppress(httpcore.WriteError):  # what is to be read before that comes first
            self._flush(timeout)

    def _take(self, event: h2.events.Event, tap: Tap | None) -> None:
        if isinstance(event, h2.events.ConnectionTerminated):
            self._why_ended = f"the server ended the connection (GOAWAY, {_code(event.error_code)})"
            if (event.last_stream_id or 0) < self._id and not self._is_through:
                self._why_reset = self._why_ended
            return
        if getattr(event, "stream_id", None) != self._id:
            return
        match event:
            case h2.events.InformationalResponseReceived(headers=rows) if tap and rows:
                self._has_announced = True
                tap.began_to_answer()
                tap.lists.append(head_of(rows))
            case h2.events.ResponseReceived(headers=rows) if rows:
                self._head = head_of(rows)
                if tap:
                    tap.began_to_answer()
                    tap.lists.append(self._head)
            case h2.events.TrailersReceived(headers=rows) if tap and rows:
                tap.trailers = headers_of(rows)
            case h2.events.DataReceived(data=data, flow_controlled_length=length):
                self._blocks.append((data or b"", length or 0))
            case h2.events.StreamEnded():
                self._is_through = True
            case h2.events.StreamReset(error_code=code) if not self._is_through:
                self._why_reset = f"the server broke the exchange off (RST_STREAM, {_code(code)})"
            case _:
                pass

    def _check(self) -> None:
        if self._why_reset and not (self._head and self._is_through):
            raise httpcore.RemoteProtocolError(self._why_reset)

    def body(self, timeout: float) -> Iterator[bytes]:
        """Yield the body of the answer as it comes; raises httpcore's errors."""
        try:
            while True:
                while self._blocks:
                    data, length = self._blocks.popleft()
                    if length and not self._is_through:
                        self._state.acknowledge_received_data(length, self._id)
                        self._flush(timeout)
                    yield data
                if self._is_through:
                    return
                self._check()
                self._pump(timeout)
        except h2.exceptions.ProtocolError as bad:
            self.close()
            raise httpcore.RemoteProtocolError(str(bad)) from bad
        except httpcore.NetworkError:
            self.close()
            raise

    def end_exchange(self) -> None:
        """Give up what is left of an exchange; the connection can be used again, where it still is one."""
        if not self._is_closed:
            with suppress(h2.exceptions.ProtocolError, httpcore.NetworkError, httpcore.TimeoutException):
                self._state.reset_stream(self._id, ErrorCodes.CANCEL)
                self._flush(1.0)
        self._idle_since = time.monotonic()

    def _flush(self, timeout: float | None) -> None:
        if data := self._state.data_to_send():
            self._stream.write(data, timeout)

    def close(self) -> None:
        """Close the connection."""
        if not self._is_closed:
            self._is_closed = True
            with suppress(h2.exceptions.ProtocolError, httpcore.NetworkError, httpcore.TimeoutException):
                self._state.close_connection()
                self._flush(1.0)
            self._stream.close()

    def has_expired(self) -> bool:
        """Say whether it has to be closed rather than used again."""
        if self._idle_since is None:
            return False
        if time.monotonic() - self._idle_since > self._kept_seconds:
            return True
        try:
            while self._stream.look_ahead() and not self._why_ended:
                self._pump(1.0)
        except (h2.exceptions.ProtocolError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
            return True
        return bool(self._why_ended)

    def is_closed(self) -> bool:
        """Say whether it is closed."""
        return self._is_closed


def _code(code: int | ErrorCodes | None) -> str:
    try:
        return ErrorCodes(code).name if code is not None else "no reason"
    except ValueError:
        return f"error {code}"
