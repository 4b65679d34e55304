"""Reaching an origin with a plain connection or TLS, on the way that the options name; without a client's library.

The client dials by httpx; what only passes bytes on has no need of it, and stays small.
"""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import replace

from explorer.errors import InputError, WireError
from explorer.model import Origin
from explorer.wire.connecting import chain, not_in_time, tls_sentence, unreachable_sentence
from explorer.wire.options import ConnectionOptions, Proxy, Route, route_to
from explorer.wire.streams import Stream, stream_of
from explorer.wire.trust import context_for, shows_a_certificate
from explorer.wire.tunnels import open_tunnel


class Reaching:
    """Makes connections to origins; may be used by several threads."""

    def __init__(self, options: ConnectionOptions, environ: Mapping[str, str] = os.environ) -> None:
        """Take how connections are made; the environment is asked for proxies, where the options name none."""
        self._options = replace(options, http="1.1")  # what is passed on is what the client speaks
        self._environ = environ
        self._contexts: dict[Origin, ssl.SSLContext] = {}
        self._lock = threading.Lock()

    def route(self, origin: Origin) -> Route:
        """Return the way to an origin; raises InputError where its proxy cannot be used."""
        route = route_to(origin, self._options, self._environ)
        if route.proxy and route.proxy.kind == "https" and origin.scheme == "https":
            raise InputError(
                f"{origin} cannot be recorded through {route.proxy}, since that would be TLS within TLS: "
                "name an http://, socks5:// or socks5h:// one with --proxy, or name the host in NO_PROXY to go without."
            )
        return route

    def make_ready(self, origin: Origin) -> None:
        """Read what TLS to an origin needs; raises FormatError or InputError for a file or a proxy that is no good."""
        self.route(origin)
        if origin.scheme == "https":
            self._context(origin)

    def reach(self, origin: Origin) -> Stream:
        """Return a new connection; raises WireError with the reason where there is none, InputError and FormatError."""
        route = self.route(origin)
        try:
            sock = self._dial(origin, route)
        except (OSError, UnicodeError) as bad:
            if isinstance(bad, TimeoutError):
                late = not_in_time(origin, route.words)
                raise WireError(late.sentence, late.kind) from bad
            raise WireError(unreachable_sentence(tuple(chain(bad)), origin, route.words), "unreachable") from bad
        with contextlib.ExitStack() as undo:
            undo.callback(sock.close)
            if route.proxy:
                sock = self._through(sock, route.proxy, origin, route)
            stream = self._secured(sock, origin, route) if origin.scheme == "https" else stream_of(sock)
            undo.pop_all()
        return stream

    def _through(self, sock: socket.socket, proxy: Proxy, origin: Origin, route: Route) -> socket.socket:
        """Return the connection to an origin through one to a proxy; raises WireError."""
        if proxy.kind == "https":
            try:
                sock = self._proxy_context(proxy).wrap_socket(sock, server_hostname=proxy.origin.host)
            except OSError as bad:
                sentence = f"{origin} cannot be reached. The proxy {proxy} cannot be reached: {bad}."
                raise WireError(sentence, "tls") from bad
        if not route.is_told_the_origin(origin.scheme):
            open_tunnel(_Ends(sock), proxy, origin.host, origin.port, self._options.timeouts.connect)
        return sock

    def _dial(self, origin: Origin, route: Route) -> socket.socket:
        timeout = self._options.timeouts.connect
        if route.unix_socket:
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                sock.settimeout(timeout)
                sock.connect(route.unix_socket)
            except BaseException:
                sock.close()
                raise
            return sock
        if route.proxy is None:
            return socket.create_connection((route.address or origin.host, origin.port), timeout)
        proxy = route.proxy.origin
        try:
            return socket.create_connection((proxy.host, proxy.port), timeout)
        except (OSError, UnicodeError) as bad:
            why = "it took too long" if isinstance(bad, TimeoutError) else str(bad)
            raise WireError(
                f"{origin} cannot be reached. The proxy {route.proxy} cannot be reached: {why}.", "unreachable"
            ) from bad

    def _secured(self, sock: socket.socket, origin: Origin, route: Route) -> Stream:
        shows = shows_a_certificate(origin, self._options)
        try:
            return stream_of(self._context(origin).wrap_socket(sock, server_hostname=origin.host))
        except ssl.SSLError as bad:
            sentence = tls_sentence(bad, f"{origin}{route.words}", origin.host, shows=shows)
            raise WireError(sentence, "tls") from bad
        except TimeoutError as bad:
            late = not_in_time(origin, route.words)
            raise WireError(late.sentence, late.kind) from bad
        except OSError as bad:
            raise WireError(f"{origin} closed the connection in the middle of the TLS handshake.", "tls") from bad

    def _context(self, origin: Origin) -> ssl.SSLContext:
        with self._lock:
            if origin not in self._contexts:
                context = context_for(origin, self._options)
                context.set_alpn_protocols(["http/1.1"])
                self._contexts[origin] = context
            return self._contexts[origin]

    def _proxy_context(self, proxy: Proxy) -> ssl.SSLContext:
        return context_for(proxy.origin, replace(self._options, client_cert=None, client_key=None))


class _Ends:
    """A socket as a tunnel is asked for on it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def read(self, most: int) -> bytes:
        """Read up to so many bytes."""
        return self._sock.recv(most)

    def write(self, data: bytes) -> None:
        """Write all bytes."""
        self._sock.sendall(data)
