"""Changes that several faults make: to a Location, to a query, to the header lines of an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from explorer.model import Headers
from explorer.wire.server import Incoming, Outgoing


def with_location(outgoing: Outgoing, change: Callable[[str], str]) -> Outgoing:
    """Return an answer with its Location changed; one without stays as it is."""
    location = outgoing.headers.get("Location")
    if location is None:
        return outgoing
    return replace(outgoing, headers=outgoing.headers.set("Location", change(location)))


def without(outgoing: Outgoing, *names: str) -> Outgoing:
    """Return an answer without those header lines."""
    return replace(outgoing, headers=outgoing.headers.without(*names))


def absolute(incoming: Incoming, location: str) -> str:
    """Return a Location as an absolute URL; one that is relative belongs to the host that the client named."""
    return f"{incoming.scheme}://{incoming.host}{location}" if location.startswith("/") else location


def split_url(url: str) -> tuple[str, str, str]:
    """Return scheme, authority and target of an absolute URL, joined by `://` and nothing."""
    scheme, _, rest = url.partition("://")
    authority = rest.partition("/")[0].partition("?")[0]
    return scheme, authority, rest[len(authority) :]


def without_parameters(target: str, *names: str) -> str:
    """Return a target without those parameters of its query; all else stays as it stands."""
    path, mark, query = target.partition("?")
    if not mark:
        return target
    kept = [pair for pair in query.split("&") if pair.partition("=")[0] not in names]
    return f"{path}?{'&'.join(kept)}" if kept else path


def with_parameter(target: str, name: str, value: str) -> str:
    """Return a target with a parameter at its end."""
    return f"{target}{'&' if '?' in target else '?'}{name}={value}"


def passes(headers: Headers) -> Headers:
    """Return the headers of a request without what a proxy in front has told of the client's side."""
    return headers.without("X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "Forwarded")
