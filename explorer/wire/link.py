"""One connection to an origin: made when the first exchange wants it, then spoken on in HTTP/1.1 or in HTTP/2.

Which HTTP is spoken is agreed on in TLS (ALPN), or said by the user. One exchange is under way at a time, so one
connection is kept; where it cannot be used again, the next exchange has another.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpcore

from explorer.wire.dialing import Dialer
from explorer.wire.failures import NotHttp2
from explorer.wire.http1 import Http1
from explorer.wire.sockets import Peekable
from explorer.wire.tap import Current, TappedStream

if TYPE_CHECKING:
    from explorer.wire.http2 import Http2

KEPT_SECONDS = 30.0


class Link(httpcore.ConnectionPool):
    """The connection to one origin, as httpx wants a pool: made at the first request, and anew where it is spent."""

    def __init__(self, dialer: Dialer, current: Current, http: str) -> None:
        super().__init__()
        self._dialer = dialer
        self._current = current
        self._http = http
        self._stream: Peekable | None = None
        self._spoken: Http1 | Http2 | None = None

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request on the connection that is kept, or on a new one."""
        if self._spoken and (self._spoken.is_closed() or self._spoken.has_expired()):
            self.close()
        try:
            if self._spoken is None:
                self._spoken = self._connected(request)
            elif self._stream and self._current.tap:
                self._stream.watched_by(self._current.tap.stopper)
        except BaseException:
            self.close()
            raise
        return self._spoken.handle_request(request)

    def _connected(self, request: httpcore.Request) -> Http1 | Http2:
        tap = self._current.tap
        assert tap is not None
        self._stream = stream = self._dialer.dial(tap.stopper, request.extensions["timeout"]["connect"])
        tap.connected_at = time.perf_counter()
        secure = stream.get_extra_info("ssl_object")
        agreed = secure.selected_alpn_protocol() if secure else None
        if agreed == "h2" or (self._http == "2" and secure is None):
            from explorer.wire.http2 import Http2

            return Http2(stream, self._current, KEPT_SECONDS)
        if self._http == "2":
            raise NotHttp2("it agreed on no HTTP/2 in TLS (ALPN). Use --http 1.1, or auto")
        return Http1(TappedStream(stream, self._current), self._current, KEPT_SECONDS)

    def close(self) -> None:
        """Close the connection that is kept."""
        spoken, stream = self._spoken, self._stream
        self._spoken = self._stream = None
        if spoken:
            spoken.close()
        elif stream:
            stream.close()
