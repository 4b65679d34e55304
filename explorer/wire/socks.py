"""SOCKS5: how such a proxy is asked for a connection (RFC 1928), with a name and a password where it wants them (1929).

With `socks5://` the host's name is looked up here, with `socks5h://` by the proxy, as curl has it.
"""

from __future__ import annotations

import ipaddress
import socket

from explorer.wire.ends import Ends, TunnelRefused
from explorer.wire.options import Proxy

_VERSION, _PAIR_VERSION = 5, 1
_NONE, _PAIR, _NO_METHOD = 0, 2, 0xFF
_CONNECT = 1
_IPV4, _NAME, _IPV6 = 1, 3, 4
_LONGEST = 255
_REASONS = {
    1: "it failed",
    2: "its rules do not allow it",
    3: "the network cannot be reached from there",
    4: "the host cannot be reached from there",
    5: "the connection was refused there",
    6: "it took too long there",
    7: "it does not know the command",
    8: "it does not know that kind of address",
}


def open_socks(ends: Ends, proxy: Proxy, host: str, port: int) -> None:
    """Ask a SOCKS5 proxy for a connection to a host; raises TunnelRefused."""
    try:
        _greet(ends, proxy)
        ends.write(bytes((_VERSION, _CONNECT, 0)) + _address(proxy, host) + port.to_bytes(2, "big"))
        _, status, _, kind = _exactly(ends, proxy, 4)
        if status:
            reason = _REASONS.get(status, f"its answer has the number {status}")
            raise TunnelRefused(f"The proxy {proxy} made no connection to {host}:{port}: {reason}.")
        length = {_IPV4: 4, _IPV6: 16}.get(kind) or _exactly(ends, proxy, 1)[0]
        _exactly(ends, proxy, length + 2)
    except OSError as bad:
        raise TunnelRefused(f"The proxy {proxy} gave no answer when it was asked for a connection.") from bad


def _greet(ends: Ends, proxy: Proxy) -> None:
    methods = (_NONE, _PAIR) if proxy.user else (_NONE,)
    ends.write(bytes((_VERSION, len(methods), *methods)))
    version, method = _exactly(ends, proxy, 2)
    if version != _VERSION:
        raise TunnelRefused(f"The proxy {proxy} answered with something that is not SOCKS5; is it such a proxy?")
    if method == _NO_METHOD or (method == _PAIR and not proxy.user):
        raise TunnelRefused(
            f"The proxy {proxy} wants a user name and a password: write its address as {proxy.kind}://user:password@…"
        )
    if method == _PAIR:
        user, password = (text.encode(errors="surrogateescape")[:_LONGEST] for text in (proxy.user, proxy.password))
        ends.write(bytes((_PAIR_VERSION, len(user))) + user + bytes((len(password),)) + password)
        if _exactly(ends, proxy, 2)[1]:
            raise TunnelRefused(f"The proxy {proxy} did not take the user name and the password of its address.")
    elif method != _NONE:
        raise TunnelRefused(f"The proxy {proxy} wants a kind of login that is not known here (method {method}).")


def _address(proxy: Proxy, host: str) -> bytes:
    named = host
    if proxy.kind == "socks5":
        try:
            named = str(socket.getaddrinfo(host, None, 0, socket.SOCK_STREAM)[0][4][0])
        except (socket.gaierror, UnicodeError) as bad:
            raise TunnelRefused(
                f"The host '{host}' cannot be found here; with {proxy.kind}h:// the proxy looks it up instead."
            ) from bad
    try:
        address = ipaddress.ip_address(named)
    except ValueError:
        name = named.encode("idna") if not named.isascii() else named.encode("ascii")
        if len(name) > _LONGEST:
            raise TunnelRefused(f"The name '{host}' is too long for a SOCKS5 proxy.") from None
        return bytes((_NAME, len(name))) + name
    return bytes((_IPV4 if address.version == 4 else _IPV6,)) + address.packed


def _exactly(ends: Ends, proxy: Proxy, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        more = ends.read(size - len(data))
        if not more:
            shown = repr(bytes(data))[1:] if data else "nothing"
            raise TunnelRefused(f"The proxy {proxy} closed the connection after {shown}; is it a SOCKS5 proxy?")
        data += more
    return bytes(data)
