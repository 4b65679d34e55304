"""Dialling: from the route of an origin to a connection, through an HTTP proxy where there is one.

For https a proxy is asked for a tunnel (RFC 9110, 9.3.6), and what goes through it is as it would be without. For http
it is asked in the request itself, whose target then names the origin, too (RFC 9112, 3.2.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpcore

from explorer.model import Header, Headers, Request
from explorer.wire.options import Route
from explorer.wire.tunnels import TunnelRefused, open_tunnel, proxy_login


def head_on(route: Route, request: Request) -> bytes:
    """Return the head as it has to go on its way: as it is written, save that a proxy must be told the origin."""
    if route.proxy is None or request.origin.scheme == "https":
        return request.head()
    target = request.target if not request.target.startswith("/") else f"{request.origin}{request.target}"
    login = proxy_login(route.proxy)
    rows = (*request.headers.rows, *(Header(name, value) for name, value in login))
    return replace(request, target=target, headers=Headers(rows)).head()


class Dialer(httpcore.NetworkBackend):
    """Opens the connections to one origin."""

    def __init__(self, route: Route, *, is_secure: bool) -> None:
        self._route = route
        self._is_secure = is_secure
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Open a connection to a host, or to what stands in its place."""
        proxy = self._route.proxy
        if proxy is None:
            return self._inner.connect_tcp(self._route.address or host, port, timeout, local_address, socket_options)
        try:
            stream = self._inner.connect_tcp(
                proxy.origin.host, proxy.origin.port, timeout, local_address, socket_options
            )
        except (httpcore.ConnectError, httpcore.ConnectTimeout, UnicodeError) as bad:
            why = "it took too long" if isinstance(bad, httpcore.ConnectTimeout) else str(bad)
            raise httpcore.ProxyError(f"The proxy {proxy} cannot be reached: {why}.") from bad
        if self._is_secure:
            try:
                open_tunnel(_Ends(stream, timeout), proxy, host, port, timeout)
            except TunnelRefused as refused:
                stream.close()
                raise httpcore.ProxyError(refused.sentence) from refused
            except BaseException:
                stream.close()
                raise
        return stream

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Open a connection to a unix socket."""
        try:
            Path(path).stat()
        except OSError as bad:
            raise httpcore.ConnectError(str(bad)) from bad
        return self._inner.connect_unix_socket(path, timeout, socket_options)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._inner.sleep(seconds)


class _Ends:
    """A stream of httpcore's as a tunnel is asked for on it."""

    def __init__(self, stream: httpcore.NetworkStream, timeout: float | None) -> None:
        self._stream = stream
        self._timeout = timeout

    def read(self, most: int) -> bytes:
        """Read up to so many bytes; raises OSError."""
        try:
            return self._stream.read(most, self._timeout)
        except (httpcore.NetworkError, httpcore.TimeoutException) as bad:
            raise OSError(str(bad)) from bad

    def write(self, data: bytes) -> None:
        """Write all bytes; raises OSError."""
        try:
            self._stream.write(data, self._timeout)
        except (httpcore.NetworkError, httpcore.TimeoutException) as bad:
            raise OSError(str(bad)) from bad
