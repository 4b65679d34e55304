"""Tunnels: how a proxy is asked for one, by CONNECT (RFC 9110, 9.3.6) or by SOCKS5.

What then goes through is only the two ends'.
"""

from __future__ import annotations

import base64
import time

from explorer.wire.ends import Ends, TunnelRefused
from explorer.wire.heads import read_heads
from explorer.wire.options import Proxy, Route
from explorer.wire.socks import open_socks

_LONGEST_ANSWER = 64 * 1024
_SHOWN = 60


def proxy_login(proxy: Proxy) -> tuple[tuple[str, str], ...]:
    """Return the header with the login of a proxy, where it has one."""
    if not proxy.user:
        return ()
    pair = base64.b64encode(f"{proxy.user}:{proxy.password}".encode(errors="surrogateescape")).decode("ascii")
    return (("Proxy-Authorization", f"Basic {pair}"),)


def proxy_words(route: Route, scheme: str) -> str:
    """Return what a proxy does for an exchange; empty where there is none."""
    if route.proxy is None:
        return ""
    if route.is_told_the_origin(scheme):
        return f"{route.proxy}, the target sent in absolute form"
    return f"{route.proxy}, {'a connection by SOCKS5' if route.proxy.is_socks else 'a tunnel by CONNECT'}"


def open_tunnel(ends: Ends, proxy: Proxy, host: str, port: int, timeout: float | None) -> None:
    """Ask a proxy for a tunnel to a host; raises TunnelRefused. What then goes through is as it would be without."""
    if proxy.is_socks:
        open_socks(ends, proxy, host, port)
        return
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    rows = (("Host", where), *proxy_login(proxy))
    head = "".join([f"CONNECT {where} HTTP/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in rows), "\r\n"])
    try:
        ends.write(head.encode("latin-1"))
        answer = _read_head(ends, timeout)
    except OSError as bad:
        raise TunnelRefused(f"The proxy {proxy} gave no answer when it was asked for a tunnel.") from bad
    heads = read_heads(answer)
    if not heads or not heads[-1].is_final:
        shown = repr(answer[:_SHOWN])[1:] if answer else "nothing"
        raise TunnelRefused(f"The proxy {proxy} answered {shown} when it was asked for a tunnel; is it a proxy?")
    status, reason = heads[-1].status, heads[-1].reason
    if status == 407:
        raise TunnelRefused(
            f"The proxy {proxy} wants a user name and a password (407 {reason}): "
            f"write its address as {proxy.kind}://user:password@host:port."
        )
    if not 200 <= status < 300:
        raise TunnelRefused(f"The proxy {proxy} refused a tunnel to {where}: {status} {reason}.")


def _read_head(ends: Ends, timeout: float | None) -> bytes:
    """Read to the end of the final head, and not a byte further; what comes after it belongs to the tunnel."""
    answer = bytearray()
    until = time.monotonic() + (timeout or 60.0)
    while len(answer) < _LONGEST_ANSWER and time.monotonic() < until:
        byte = ends.read(1)
        if not byte:
            break
        answer += byte
        if answer.endswith((b"\n\r\n", b"\n\n")):
            heads = read_heads(bytes(answer))
            if not heads or heads[-1].is_final:
                break
    return bytes(answer)
