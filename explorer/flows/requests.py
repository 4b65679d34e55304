"""How the requests of flows are written: every header that goes out is put here, in sight, and none is added later."""

from __future__ import annotations

from dataclasses import replace

from explorer import __version__
from explorer.model import Body, Header, Headers, Origin, Request, body_size

USER_AGENT = f"registry-explorer/{__version__}"


def request(method: str, origin: Origin, target: str, *headers: tuple[str, str], body: Body | None = None) -> Request:
    """Return a request with Host and User-Agent before the given headers and, for a body, Content-Length after them."""
    rows = [("Host", origin.authority), ("User-Agent", USER_AGENT), *headers]
    if body is not None:
        rows.append(("Content-Length", str(body_size(body))))
    return Request(method, origin, target, Headers.of(*rows), b"" if body is None else body)


def with_authorization(request: Request, value: str) -> Request:
    """Return the request with an Authorization after its User-Agent; one that it has already is replaced."""
    if request.headers.get("Authorization") is not None:
        return replace(request, headers=request.headers.set("Authorization", value))
    rows = list(request.headers)
    names = [row.name.lower() for row in rows]
    place = names.index("user-agent") + 1 if "user-agent" in names else len(rows)
    rows.insert(place, Header("Authorization", value))
    return replace(request, headers=Headers(tuple(rows)))
