"""What an exchange that somebody else made is called in the list: by its endpoint, else by its method and path."""

from __future__ import annotations

from explorer.model import Request
from explorer.spec.endpoints import endpoint_of
from explorer.visible import shortened, wire_to_text

_WIDEST = 60


def title_of(request: Request) -> tuple[str, str]:
    """Return the title of a request and the endpoint of the specification that it is for (empty where none)."""
    endpoint = endpoint_of(request.method, request.target)
    if endpoint:
        return endpoint.title, endpoint.id
    path, _, query = request.target.partition("?")
    names = {part.partition("=")[0] for part in query.split("&")}
    if request.method in ("GET", "POST") and ("service" in names or path.rstrip("/").endswith(("/token", "/auth"))):
        return "ask the token service", "token auth"
    return f"{wire_to_text(request.method)} {shortened(wire_to_text(path), _WIDEST)}", ""
