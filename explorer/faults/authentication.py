"""Refusals of a login or of what it allows: tokens that run out, scopes that are too small, headers that get lost."""

from __future__ import annotations

import hashlib
import threading

from explorer.faults.answers import error, nginx_page
from explorer.faults.arguments import Which, choice, which
from explorer.faults.challenges import needed, refused
from explorer.faults.declared import Passing, Plays, fault
from explorer.faults.products import harbor
from explorer.faults.uploads import upload_id
from explorer.model import Header, Headers
from explorer.wire.server import Outgoing

_MOST = 10_000
_AUTH = "a registry that asks for a login: --auth token or --auth basic"
_TOKEN = "a token service: --auth token"


@fault("token-invalid", plays=Plays.REGISTRY, argument=which("all"))
def token_invalid(passing: Passing, meant: Which) -> Outgoing:
    """401 with `error="invalid_token"` for every token: expired, not valid yet, or made for another service.

    Clocks that are more than a minute apart do so, and a token service with another name or key than the registry's.
    """
    if passing.asked.is_v2 and passing.headers.get("Authorization") and meant.takes(passing.asked):
        return refused(passing, "invalid_token", *needed(passing))
    return passing.on()


@fault("token-expired-mid-upload", plays=Plays.REGISTRY, argument=which("PUT+uploads"), needs=_TOKEN)
class ExpiredMidUpload:
    """401 with `error="invalid_token"` for the PUT of an upload: the token of its POST has run out in the meantime.

    A new token gets through. A client that goes on with the old one, or cannot send its body again, fails at last.
    """

    def __init__(self, meant: Which) -> None:
        self._meant = meant
        self._lock = threading.Lock()
        self._opened_with: dict[str, str] = {}

    def __call__(self, passing: Passing) -> Outgoing:
        """Remember the token of each POST, and refuse it later on."""
        asked = passing.asked
        token = hashlib.sha256((passing.headers.get("Authorization") or "").encode("latin-1")).hexdigest()
        has_token = passing.headers.get("Authorization") is not None
        is_old = has_token and self._opened_with.get(asked.word) == token
        if asked.kind == "upload" and is_old and self._meant.takes(asked):
            return refused(passing, "invalid_token", *needed(passing))
        answer = passing.on()
        if asked.is_opening and answer.status == 202 and has_token:
            with self._lock:
                if len(self._opened_with) > _MOST:
                    self._opened_with.clear()
                self._opened_with[upload_id(passing, answer)] = token
        return answer


@fault("body-not-replayable", plays=Plays.REGISTRY, argument=which("PATCH+once"))
def refused_after_the_body(passing: Passing, meant: Which) -> Outgoing:
    """401 with `error="invalid_token"` for a PATCH, but only when its whole body has been sent.

    A client that streams its bytes cannot send them again: "body of the request cannot be replayed".
    """
    if passing.incoming.body.length == 0 or not meant.takes(passing.asked):
        return passing.on()
    passing.swallow()
    return refused(passing, "invalid_token", *needed(passing))


@fault("insufficient-scope", plays=Plays.REGISTRY)
def insufficient_scope(passing: Passing) -> Outgoing:
    """401 with `error="insufficient_scope"` for whatever writes: the token only allows to pull.

    The challenge's scope and the detail of the error name what is missing.
    """
    if passing.asked.is_v2 and not passing.asked.is_read:
        return refused(passing, "insufficient_scope", *needed(passing))
    return passing.on()


@fault("denied", plays=Plays.REGISTRY, argument=choice("whose refusal", "ghcr", "ghcr-unlinked", "hub"))
def denied(passing: Passing, whose: str) -> Outgoing:
    """403 `DENIED` without a challenge for whatever writes: "permission_denied: write_package" at GHCR.

    `ghcr-unlinked` is the text for a package that is not linked to the repository; `hub` is Docker Hub's, which says it
    of names that do not exist, too.
    """
    texts = {
        "ghcr": "permission_denied: write_package",
        "ghcr-unlinked": "installation not allowed to Write organization package",
        "hub": "requested access to the resource is denied",
    }
    if passing.asked.is_v2 and not passing.asked.is_read:
        return error(403, "DENIED", texts[whose])
    return passing.on()


@fault("head-403-no-body", plays=Plays.REGISTRY)
def head_403(passing: Passing) -> Outgoing:
    """403 for the HEAD of a blob, before anything was sent, and no body that would say why. A GET says it.

    GHCR and ECR do so to a token that may not pull.
    """
    if passing.asked.kind == "blob" and passing.asked.is_read:
        return error(403, "DENIED", "requested access to the resource is denied")
    return passing.on()


@fault("proxy-strips-authorization", plays=Plays.PROXY, needs=_AUTH)
def strips_authorization(passing: Passing) -> Outgoing:
    """401 as if no login had been sent, over and over: a proxy keeps Authorization to itself."""
    is_token = passing.asked.kind == "token"
    return passing.on() if is_token else passing.on(headers=passing.headers.without("Authorization"))


@fault("duplicate-authorization", plays=Plays.PROXY, needs=_AUTH)
def duplicate_authorization(passing: Passing) -> Outgoing:
    """401, though the login is right: a proxy puts an Authorization of its own before that of the client.

    distribution heeds the first, zot refuses two.
    """
    if passing.asked.kind == "token" or passing.headers.get("Authorization") is None:
        return passing.on()
    return passing.on(headers=Headers((Header("Authorization", "Basic cHJveHk6cHJveHk="), *passing.headers.rows)))


@fault("proxy-does-auth", plays=Plays.PROXY)
def proxy_does_auth(passing: Passing) -> Outgoing:
    """401 with `Basic` and nginx's HTML page, without Docker-Distribution-Api-Version: the proxy asks for the login.

    Any Basic login gets through here. Old docker takes the missing header for a registry of version 1.
    """
    scheme = (passing.headers.get("Authorization") or "").partition(" ")[0]
    if scheme.lower() == "basic":
        return passing.on()
    return nginx_page(401, ("WWW-Authenticate", 'Basic realm="Registry"'))


@fault("harbor-scheme-switch", "auth-scheme-mismatch", plays=Plays.REGISTRY)
def scheme_switch(passing: Passing) -> Outgoing:
    """401 with `Basic realm="harbor"` for a request with a Bearer token, which an anonymous one was told to get.

    Harbor does so after any login that it does not take. A client that changes its scheme goes round in circles; a new
    token, got by an anonymous request, gets through there.
    """
    scheme = (passing.headers.get("Authorization") or "").partition(" ")[0]
    if not passing.asked.is_v2 or scheme.lower() != "bearer":
        return passing.on()
    answer = harbor(401, "UNAUTHORIZED", "unauthorized to access repository")
    challenge = ("Www-Authenticate", 'Basic realm="harbor"')
    return Outgoing(401, Headers.of(*((name, value) for name, value, _ in answer.headers), challenge), answer.body)
