"""Requests as Go's net/http writes them, which all of these clients are built on (net/http/request.go, transport.go).

Host, User-Agent, Content-Length or Transfer-Encoding, then the other headers in alphabetical order, then
Accept-Encoding (save on HEAD) and Connection. A request without a body has `Content-Length: 0` for POST, PUT and PATCH.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, quote_plus

from explorer.flows.clients import ClientShape, Join
from explorer.model import Headers, Origin, Request, Slice, body_size


def go_request(
    client: ClientShape,
    method: str,
    origin: Origin,
    target: str,
    *headers: tuple[str, str],
    body: bytes | Slice = b"",
    in_chunks: bool = False,
) -> Request:
    """Return a request of a client with its headers in Go's order."""
    rows = [("Host", origin.authority), ("User-Agent", client.user_agent)]
    if in_chunks:
        rows.append(("Transfer-Encoding", "chunked"))
    elif body_size(body) or method in ("POST", "PUT", "PATCH"):
        rows.append(("Content-Length", str(body_size(body))))
    rows += sorted([*headers, *client.every], key=lambda row: row[0])
    if method != "HEAD":
        rows.append(("Accept-Encoding", "gzip"))
    if client.closes:
        rows.append(("Connection", "close"))
    return Request(method, origin, target, Headers.of(*rows), body)


def joined(target: str, join: Join, *parameters: tuple[str, str]) -> str:
    """Return a target with parameters put into its query in a client's way.

    Sorting takes the whole query apart and encodes it anew, as these clients do with a Location.
    """
    path, mark, query = target.partition("?")
    if join is Join.APPENDED:
        more = "&".join(f"{name}={quote_plus(value, encoding='latin-1')}" for name, value in parameters)
        return f"{path}?{query}&{more}" if mark and query else f"{path}?{more}"
    values = parse_qsl(query, keep_blank_values=True, encoding="latin-1")
    values = [pair for pair in values if pair[0] not in dict(parameters)] + list(parameters)
    ordered = sorted(values, key=lambda pair: pair[0])
    return path + "?" + "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in ordered)


def _escaped(text: str) -> str:
    return quote_plus(text, encoding="latin-1")
