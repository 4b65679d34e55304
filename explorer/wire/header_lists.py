"""Lists of headers, which HTTP/2 has in the place of heads (RFC 9113, 8.2 and 8.3).

What is typed as a head is sent as a list: `:method`, `:scheme`, `:authority` (the first Host) and `:path`, then every
other header in its order, its name in lower case, since HTTP/2 has no other. Connection, Keep-Alive, Proxy-Connection,
Transfer-Encoding and Upgrade have no place in HTTP/2 (8.2.2) and stay behind. The lists are shown as lines of text, and
so kept; there are no such bytes on the wire.
"""

from __future__ import annotations

import httpcore
from hpack import HeaderTuple, NeverIndexedHeaderTuple

from explorer.model import Header, Headers, Request
from explorer.redact import is_secret
from explorer.wire.heads import Head

_OF_A_CONNECTION = ("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade")


def header_list(request: Request) -> Headers:
    """Return the list of headers that a request becomes in HTTP/2."""
    hosts = [row for row in request.headers if row.name.lower() == "host"][:1]
    pseudo = [(":method", request.method), (":scheme", request.origin.scheme)]
    pseudo += [(":authority", row.value) for row in hosts] + [(":path", request.target)]
    rest = [row for row in request.headers if row not in hosts and row.name.lower() not in _OF_A_CONNECTION]
    return Headers.of(*pseudo, *((row.name.lower(), row.value) for row in rest))


def list_text(headers: Headers) -> bytes:
    """Return a list of headers as lines of text, with an empty line at the end."""
    return "".join([*(f"{row.name}: {row.value}\r\n" for row in headers), "\r\n"]).encode("latin-1")


def fields_of(headers: Headers) -> list[HeaderTuple]:
    """Return a list as h2 takes it; no one in between may keep the secrets of it."""
    return [
        (NeverIndexedHeaderTuple if is_secret(row.name) else HeaderTuple)(
            row.name.encode("latin-1"), row.value.encode("latin-1")
        )
        for row in headers
    ]


def head_of(rows: list[tuple[bytes, bytes]]) -> Head:
    """Return the head that a list of an answer is; raises httpcore's RemoteProtocolError where it has no status."""
    headers = headers_of(rows)
    status = headers.get(":status") or ""
    number = int(status) if status.isascii() and status.isdecimal() and len(status) == 3 else 0
    if not number:
        raise httpcore.RemoteProtocolError(f"its list of headers has no status that can be read ({status!r})")
    rest = Headers(tuple(row for row in headers if not row.name.startswith(":")))
    return Head("HTTP/2", number, "", rest, list_text(headers))


def headers_of(rows: list[tuple[bytes, bytes]]) -> Headers:
    """Return a list that was received."""
    return Headers(tuple(Header(name.decode("latin-1"), value.decode("latin-1")) for name, value in rows))
