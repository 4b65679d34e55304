"""Dialling: from the route of an origin to a connection, through an HTTP proxy where there is one.

For https a proxy is asked for a tunnel (RFC 9110, 9.3.6), and what goes through it is as it would be without. For http
it is asked in the request itself, whose target then names the origin, too (RFC 9112, 3.2.2).
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpcore

from explorer.model import Header, Headers, Request
from explorer.wire.heads import read_heads
from explorer.wire.options import Proxy, Route

_LONGEST_ANSWER = 64 * 1024
_SHOWN = 60


def head_on(route: Route, request: Request) -> bytes:
    """Return the head as it has to go on its way: as it is written, save that a proxy must be told the origin."""
    if route.proxy is None or request.origin.scheme == "https":
        return request.head()
    target = request.target if not request.target.startswith("/") else f"{request.origin}{request.target}"
    login = _login(route.proxy)
    rows = (*request.headers.rows, *(Header(name, value) for name, value in login))
    return replace(request, target=target, headers=Headers(rows)).head()


def proxy_words(route: Route, scheme: str) -> str:
    """Return what a proxy does for an exchange; empty where there is none."""
    if route.proxy is None:
        return ""
    manner = "a tunnel by CONNECT" if scheme == "https" else "the target sent in absolute form"
    return f"{route.proxy}, {manner}"


def _login(proxy: Proxy) -> tuple[tuple[str, str], ...]:
    if not proxy.user:
        return ()
    pair = base64.b64encode(f"{proxy.user}:{proxy.password}".encode(errors="surrogateescape")).decode("ascii")
    return (("Proxy-Authorization", f"Basic {pair}"),)


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
                _open_tunnel(stream, proxy, host, port, timeout)
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


def _open_tunnel(stream: httpcore.NetworkStream, proxy: Proxy, host: str, port: int, timeout: float | None) -> None:
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    rows = (("Host", where), *_login(proxy))
    head = "".join([f"CONNECT {where} HTTP/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in rows), "\r\n"])
    try:
        stream.write(head.encode("latin-1"), timeout)
        answer = _read_head(stream, timeout)
    except (httpcore.NetworkError, httpcore.TimeoutException) as bad:
        raise httpcore.ProxyError(f"The proxy {proxy} gave no answer when it was asked for a tunnel.") from bad
    heads = read_heads(answer)
    if not heads or not heads[-1].is_final:
        shown = repr(answer[:_SHOWN])[1:] if answer else "nothing"
        raise httpcore.ProxyError(f"The proxy {proxy} answered {shown} when it was asked for a tunnel; is it a proxy?")
    status, reason = heads[-1].status, heads[-1].reason
    if status == 407:
        raise httpcore.ProxyError(
            f"The proxy {proxy} wants a user name and a password (407 {reason}): "
            "write its address as http://user:password@host:port."
        )
    if not 200 <= status < 300:
        raise httpcore.ProxyError(f"The proxy {proxy} refused a tunnel to {where}: {status} {reason}.")


def _read_head(stream: httpcore.NetworkStream, timeout: float | None) -> bytes:
    """Read to the end of the final head, and not a byte further; what comes after it belongs to the tunnel."""
    answer = bytearray()
    until = time.monotonic() + (timeout or 60.0)
    while len(answer) < _LONGEST_ANSWER and time.monotonic() < until:
        byte = stream.read(1, timeout)
        if not byte:
            break
        answer += byte
        if answer.endswith((b"\n\r\n", b"\n\n")):
            heads = read_heads(bytes(answer))
            if not heads or heads[-1].is_final:
                break
    return bytes(answer)
