"""HTTP/1.1 (RFC 9112) on one connection, one exchange after the other.

The head and the body go out as the tap has them; h11 reads what comes back and says whether the connection can be used
again. It is told of a request without a body, as all that it needs to know of one is whether its answer has a body.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

import h11
import httpcore

from explorer.model import Unkept
from explorer.wire.answer_body import AnswerBody
from explorer.wire.malformed import cut_in_head, not_understood
from explorer.wire.tap import Current, Tap, TappedStream

_BLOCK = 64 * 1024
_LONGEST_HEAD = 100 * 1024

_ASKED, _ASKED_HEAD = (
    h11.Request(method=method, target="/", headers=[("Host", "x"), ("Content-Length", "0")])
    for method in ("POST", "HEAD")
)
_ALL_SENT = h11.EndOfMessage()


class Http1:
    """A connection on which HTTP/1.1 is spoken."""

    def __init__(self, stream: TappedStream, current: Current, kept_seconds: float) -> None:
        self._stream = stream
        self._current = current
        self._kept_seconds = kept_seconds
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)
        self._is_sent = self._is_closed = False
        self._idle_since: float | None = None

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request as the tap has it, and return the answer as far as its head."""
        tap = self._current.tap
        assert tap is not None
        self._idle_since = None
        timeouts = request.extensions["timeout"]
        try:
            self._state.send(_ASKED_HEAD if tap.request.method == "HEAD" else _ASKED)
            self._state.send(_ALL_SENT)
            self._is_sent = False
            with suppress(httpcore.WriteError):  # a server may answer, and close, before it has read all
                self._send(tap, request, timeouts["write"])
            event = self._next(timeouts["read"])
            while isinstance(event, h11.InformationalResponse):
                event = self._next(timeouts["read"])
            assert isinstance(event, h11.Response)
        except BaseException:
            self.close()
            raise
        self._is_sent = self._is_sent and tap.may_be_kept
        return httpcore.Response(event.status_code, content=AnswerBody(self, timeouts["read"]))

    def _send(self, tap: Tap, request: httpcore.Request, timeout: float) -> None:
        self._stream.begin(tap, timeout)
        if isinstance(tap.request.body, Unkept):
            self._stream.flush()  # it comes from elsewhere, in its own time
        left = tap.body_size
        assert isinstance(request.stream, Iterable)
        for block in request.stream:
            left -= len(block)
            if left < 0:
                raise httpcore.LocalProtocolError("the body is longer than was said")
            self._stream.write(b"%x\r\n%b\r\n" % (len(block), block) if tap.is_chunked else block, timeout)
        if left:
            raise httpcore.LocalProtocolError("the body is shorter than was said")
        if tap.is_chunked:
            self._stream.write(b"0\r\n\r\n", timeout)
        self._stream.flush()
        self._is_sent = True

    def _next(self, timeout: float, *, within_body: bool = False) -> h11.Event | type[h11.PAUSED]:
        try:
            while (event := self._state.next_event()) is h11.NEED_DATA:
                data = self._stream.read(_BLOCK, timeout)
                if not data and self._state.their_state is h11.SEND_RESPONSE:
                    raise cut_in_head()
                self._state.receive_data(data)
        except h11.RemoteProtocolError as bad:
            raise not_understood(bad, _LONGEST_HEAD, within_body=within_body) from bad
        assert not isinstance(event, type) or event is h11.PAUSED
        return event

    def body(self, timeout: float) -> Iterator[bytes]:
        """Yield the body of the answer as it comes; raises httpcore's errors."""
        try:
            while isinstance(event := self._next(timeout, within_body=True), h11.Data):
                yield bytes(event.data)
        except BaseException:
            self.close()
            raise

    def end_exchange(self) -> None:
        """Make ready for the next exchange where this one is through on both sides, else close."""
        if self._is_closed:
            return
        if self._is_sent and self._state.our_state is self._state.their_state is h11.DONE:
            self._state.start_next_cycle()
            self._idle_since = time.monotonic()
        else:
            self.close()

    def close(self) -> None:
        """Close the connection."""
        self._is_closed = True
        self._stream.close()

    def is_closed(self) -> bool:
        """Say whether it is closed."""
        return self._is_closed

    def has_expired(self) -> bool:
        """Say whether it has to be closed rather than used again: idle for long, or ended by the other side."""
        if self._idle_since is None:
            return False
        return time.monotonic() - self._idle_since > self._kept_seconds or self._stream.is_readable()
