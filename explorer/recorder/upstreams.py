"""Upstreams as they are typed: `[http://|https://]host[:port][/base]`."""

from __future__ import annotations

from explorer.errors import InputError
from explorer.model import Origin
from explorer.spec.references import parse_origin


def parse_upstream(text: str, *, plain_http: bool = False) -> tuple[Origin, str]:
    """Return the origin, and the path that stands before `/v2/` there; empty for none.

    Without a scheme, https is used, but http for a loopback host or with `plain_http`. Raises InputError.
    """
    scheme, mark, rest = text.partition("://")
    if not mark:
        scheme, rest = "", text
    if scheme.lower() not in ("", "http", "https"):
        raise InputError(f"'{text}' begins with '{scheme}://': a registry is reached by http:// or https://.")
    if scheme.lower() == "https" and plain_http:
        raise InputError("--plain-http was given with an https:// upstream: drop one of them.")
    authority, slash, path = rest.partition("/")
    if any(sign in path for sign in "?# "):
        raise InputError(f"'{text}' has more than a host and a path in it: '?', '#' and blanks belong to no upstream.")
    origin = parse_origin(authority, scheme.lower(), plain_http=plain_http)
    base = f"{slash}{path}".rstrip("/").removesuffix("/v2")
    return origin, base
