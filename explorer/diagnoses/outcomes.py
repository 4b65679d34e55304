"""Whether an exchange failed, whether that is normal, and what it was for, so that a later one can make up for it."""

from __future__ import annotations

from explorer.diagnoses.uploads import bytes_sent
from explorer.model import Exchange
from explorer.spec.challenges import parse_challenges
from explorer.spec.locations import query_values
from explorer.spec.paths import path_named

ANY = ("any",)
"""The purpose of what never became a request, a client's try at TLS for instance: whatever works makes up for it."""

_CUT_BY_THE_USER = ("stopped", "interrupted", "unsendable", "unsavable")


def is_first_leg(exchange: Exchange) -> bool:
    """Say whether this is the 401 that a request without credentials gets before it is asked again with them."""
    if exchange.status != 401 or exchange.response is None:
        return False
    if "request.authorization" in exchange.unknown or "request.headers" in exchange.unknown:
        return False
    return exchange.request.headers.get("Authorization") is None and bool(parse_challenges(exchange.response.headers))


def is_refused(exchange: Exchange) -> bool:
    """Say whether an exchange failed: no answer, or a status of 400 and above that is not part of the normal course."""
    if exchange.error:
        return exchange.error.kind not in _CUT_BY_THE_USER
    if exchange.status < 400:
        return False
    kind = path_named(exchange.request.target).kind
    if exchange.status == 404 and exchange.request.method == "HEAD" and kind in ("blob", "manifest"):
        return False
    return not (exchange.status == 404 and kind == "referrers")


def purpose_of(exchange: Exchange) -> tuple[tuple[str, ...], ...]:
    """Return what an exchange was for, in as many ways as it can be told; a later one that shares a way made up for it.

    An attempt of the same step, the same blob in the same repository, the same manifest, the same path.
    """
    request = exchange.request
    if not request.method:
        return (ANY,)
    endpoint = path_named(request.target)
    purposes: list[tuple[str, ...]] = []
    if exchange.error and exchange.error.kind == "tls" and request.origin.scheme == "https":
        purposes.append(tls_try(exchange))
    if exchange.spec:
        purposes.append(("step", str(exchange.after), exchange.title, exchange.proposed.method))
    path = request.target.partition("?")[0]
    match endpoint.kind:
        case "upload":
            for digest in query_values(request.target, "digest"):
                purposes.append(("blob", endpoint.repository, digest.replace("%3A", ":").replace("%3a", ":")))
            if request.method != "PUT":
                purposes.append((request.method, path))
                size = request.headers.get("Content-Range") or str(bytes_sent(exchange) or path)
                purposes.append((request.method, endpoint.repository, size))
        case "uploads":
            purposes.append((request.method, path.rstrip("/")))
            for digest in query_values(request.target, "mount"):
                purposes.append(("blob", endpoint.repository, digest.replace("%3A", ":").replace("%3a", ":")))
        case "blob":
            purposes.append((request.method, path))
            purposes.append(("blob", endpoint.repository, endpoint.reference))
        case "manifest":
            purposes.append((request.method, path))
            if request.method != "PUT" or exchange.status < 300:
                purposes.append(("present", endpoint.repository, endpoint.reference))
        case _:
            purposes.append((request.method, path))
    return tuple(purposes)


def tls_try(exchange: Exchange) -> tuple[str, ...]:
    """Return the purpose of a try at TLS, which an answer in plain http from the same host and port makes up for."""
    origin = exchange.request.origin
    return "tls", origin.host, str(origin.port)
