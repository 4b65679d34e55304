"""Dialling: from the route of an origin to a connection, through a proxy where there is one, in TLS for https.

For https a proxy is asked for a tunnel (RFC 9110, 9.3.6), and a SOCKS proxy always is; what goes through it is as it
would be without. For http an HTTP proxy is asked in the request itself, whose target then names the origin, too
(RFC 9112, 3.2.2).
"""

from __future__ import annotations

import ssl
from dataclasses import replace

import httpcore

from explorer.model import Header, Headers, Origin, Request
from explorer.wire.ends import TunnelRefused
from explorer.wire.options import ConnectionOptions, Proxy, Route
from explorer.wire.sockets import Peekable, SocketStream, Stopper, connect, connect_unix
from explorer.wire.trust import context_for
from explorer.wire.tunnels import open_tunnel, proxy_login

_ALPN = {"auto": ["h2", "http/1.1"], "1.1": ["http/1.1"], "2": ["h2"]}


def head_on(route: Route, request: Request) -> bytes:
    """Return the head as it has to go on its way: as it is written, save that a proxy must be told the origin."""
    if route.proxy is None or not route.is_told_the_origin(request.origin.scheme):
        return request.head()
    target = request.target if not request.target.startswith("/") else f"{request.origin}{request.target}"
    login = proxy_login(route.proxy)
    rows = (*request.headers.rows, *(Header(name, value) for name, value in login))
    return replace(request, target=target, headers=Headers(rows)).head()


class Dialer:
    """Opens the connections to one origin."""

    def __init__(self, origin: Origin, route: Route, options: ConnectionOptions) -> None:
        """Read what TLS needs, where it is wanted; raises FormatError."""
        self._origin = origin
        self._route = route
        self._context: ssl.SSLContext | None = None
        self._proxy_context: ssl.SSLContext | None = None
        if origin.scheme == "https":
            self._context = context_for(origin, options)
            self._context.set_alpn_protocols(_ALPN[options.http])
        if route.proxy and route.proxy.kind == "https":
            bare = replace(options, client_cert=None, client_key=None)
            self._proxy_context = context_for(route.proxy.origin, bare)

    def dial(self, stopper: Stopper, timeout: float) -> Peekable:
        """Return a new connection; raises httpcore's ConnectError, ConnectTimeout or ProxyError."""
        stream = self._reach(stopper, timeout)
        return stream.start_tls(self._context, self._origin.host, timeout) if self._context else stream

    def _reach(self, stopper: Stopper, timeout: float) -> SocketStream:
        route, origin = self._route, self._origin
        if route.proxy:
            return self._through(route.proxy, stopper, timeout)
        try:
            if route.unix_socket:
                return SocketStream(connect_unix(route.unix_socket, timeout, stopper), stopper)
            return SocketStream(connect(route.address or origin.host, origin.port, timeout, stopper), stopper)
        except TimeoutError as bad:
            raise httpcore.ConnectTimeout(str(bad)) from bad
        except (OSError, UnicodeError) as bad:
            raise httpcore.ConnectError(str(bad)) from bad

    def _through(self, proxy: Proxy, stopper: Stopper, timeout: float) -> SocketStream:
        try:
            stream = SocketStream(connect(proxy.origin.host, proxy.origin.port, timeout, stopper), stopper)
            if self._proxy_context:
                stream.start_tls(self._proxy_context, proxy.origin.host, timeout)
        except (OSError, UnicodeError, httpcore.ConnectError, httpcore.ConnectTimeout) as bad:
            late = isinstance(bad, TimeoutError | httpcore.ConnectTimeout)
            raise httpcore.ProxyError(
                f"The proxy {proxy} cannot be reached: {'it took too long' if late else bad}."
            ) from bad
        if not self._route.is_told_the_origin(self._origin.scheme):
            try:
                open_tunnel(_Ends(stream, timeout), proxy, self._origin.host, self._origin.port, timeout)
            except TunnelRefused as refused:
                stream.close()
                raise httpcore.ProxyError(refused.sentence) from refused
            except BaseException:
                stream.close()
                raise
        return stream


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
