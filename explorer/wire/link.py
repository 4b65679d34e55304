"""One connection to an origin: made when the first exchange wants it, then spoken on in HTTP/1.1 or in HTTP/2.

httpcore's pool keeps these and asks for new ones; which HTTP is spoken is agreed on in TLS (ALPN), or said by the user.
"""

from __future__ import annotations

import time
from typing import Any

import httpcore

from explorer.wire.dialing import Dialer
from explorer.wire.http2 import Http2, NotHttp2
from explorer.wire.sockets import Peekable
from explorer.wire.tap import Current, TappedStream

KEPT_SECONDS = 30.0


class Link(httpcore.ConnectionInterface):
    """A connection that is made at its first request."""

    def __init__(self, origin: httpcore.Origin, dialer: Dialer, current: Current, http: str) -> None:
        self._origin = origin
        self._dialer = dialer
        self._current = current
        self._http = http
        self._stream: Peekable | None = None
        self._spoken: httpcore.HTTP11Connection | Http2 | None = None
        self._has_failed = False

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request, on a new connection where there is none yet."""
        try:
            if self._spoken is None:
                self._spoken = self._connected(request)
            elif self._stream and self._current.tap:
                self._stream.watched_by(self._current.tap.stopper)
        except BaseException:
            self._has_failed = True
            self.close()
            raise
        return self._spoken.handle_request(request)

    def _connected(self, request: httpcore.Request) -> httpcore.HTTP11Connection | Http2:
        tap = self._current.tap
        assert tap is not None
        self._stream = stream = self._dialer.dial(tap.stopper, request.extensions["timeout"]["connect"])
        tap.connected_at = time.perf_counter()
        secure = stream.get_extra_info("ssl_object")
        agreed = secure.selected_alpn_protocol() if secure else None
        if agreed == "h2" or (self._http == "2" and secure is None):
            return Http2(stream, self._current, KEPT_SECONDS)
        if self._http == "2":
            raise NotHttp2("it agreed on no HTTP/2 in TLS (ALPN). Use --http 1.1, or auto")
        return httpcore.HTTP11Connection(self._origin, TappedStream(stream, self._current), KEPT_SECONDS)

    def close(self) -> None:
        """Close the connection."""
        if self._spoken:
            self._spoken.close()
        elif self._stream:
            self._stream.close()

    def info(self) -> str:
        """Return what it is, in words."""
        return self._spoken.info() if self._spoken else "connecting"

    def can_handle_request(self, origin: httpcore.Origin) -> bool:
        """Say whether it is to that origin."""
        return origin == self._origin

    def is_available(self) -> bool:
        """Say whether another request can be sent now."""
        return self._spoken is not None and self._spoken.is_available()

    def has_expired(self) -> bool:
        """Say whether it has to be closed rather than used again."""
        return self._spoken.has_expired() if self._spoken else self._has_failed

    def is_idle(self) -> bool:
        """Say whether nothing is under way on it."""
        return self._spoken.is_idle() if self._spoken else self._has_failed

    def is_closed(self) -> bool:
        """Say whether it is closed."""
        return self._spoken.is_closed() if self._spoken else self._has_failed


class Links(httpcore.ConnectionPool):
    """Keeps the connections to one origin."""

    def __init__(self, dialer: Dialer, current: Current, http: str) -> None:
        super().__init__(max_connections=10, max_keepalive_connections=5, keepalive_expiry=KEPT_SECONDS)
        self._make: Any = lambda origin: Link(origin, dialer, current, http)

    def create_connection(self, origin: httpcore.Origin) -> httpcore.ConnectionInterface:
        """Return a connection that is made when it is used."""
        link: Link = self._make(origin)
        return link
