"""The token service itself: GET with Basic (docs/spec/auth/token.md) and POST of a form (docs/spec/auth/oauth.md)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping

from explorer.model import Headers
from explorer.practice.access import claims
from explorer.practice.access.checks import TokenAccess
from explorer.practice.access.users import basic_login
from explorer.practice.access.wanted import Wanted, parse_scopes
from explorer.practice.errors import REPLIES, Fault, View, element, error_body
from explorer.practice.identifiers import rfc3339
from explorer.practice.urls import parse_pairs
from explorer.wire.server import BodyTooLong, Incoming, Outgoing

_LONGEST_FORM = 64 * 1024
_FORM = "application/x-www-form-urlencoded"
_NOT_KEPT = (("Cache-Control", "no-store"), ("Content-Type", "application/json"))


def give_token(access: TokenAccess, incoming: Incoming, query: str) -> Outgoing:
    """Answer a request to the token service."""
    if incoming.method in ("GET", "HEAD"):
        return _by_query(access, incoming, _collected(parse_pairs(query)))
    if incoming.method == "POST":
        return _by_form(access, incoming)
    return Outgoing(405, Headers.of(("Allow", "GET, POST")))


def _by_query(access: TokenAccess, incoming: Incoming, asked: Mapping[str, list[str]]) -> Outgoing:
    header = incoming.headers.get("Authorization")
    login = basic_login(header or "")
    if header is not None and (login is None or not access.users.know(*login)):
        return _refused(access, "The user or the password is wrong.")
    if login is None and not access.anonymous_pull:
        return _refused(access, "Nobody is let in without a user and a password.")
    user = login[0] if login else ""
    given = _given(access, user, asked, asked.get("scope", []))
    given = {"token": given["access_token"], **given}
    if user and _first(asked, "offline_token") == "true":
        given["refresh_token"] = _refresh_token(access, user, _service(access, asked))
    return _json(200, given)


def _by_form(access: TokenAccess, incoming: Incoming) -> Outgoing:
    if (incoming.headers.get("Content-Type") or "").partition(";")[0].strip().lower() != _FORM:
        return _json(400, _oauth_error("invalid_request", f"The body has to be {_FORM}."))
    try:
        form = _collected(parse_pairs(incoming.body.read_all(_LONGEST_FORM).decode("latin-1")))
    except BodyTooLong as long:
        return _json(413, _oauth_error("invalid_request", long.sentence))
    kind = _first(form, "grant_type")
    missing = [name for name in ("grant_type", "service", "client_id") if not _first(form, name)]
    if missing:
        return _json(400, _oauth_error("invalid_request", f"The form has no {missing[0]}."))
    if kind == "password":
        user = _first(form, "username")
        if not access.users.know(user, _first(form, "password")):
            return _json(400, _oauth_error("invalid_grant", "The user or the password is wrong."))
    elif kind == "refresh_token":
        user = _refreshing(access, _first(form, "refresh_token"), _first(form, "service"))
        if not user:
            return _json(400, _oauth_error("invalid_grant", "The refresh token is not one of this service."))
    else:
        why = f"The grant_type is '{kind}'; password and refresh_token are known."
        return _json(400, _oauth_error("unsupported_grant_type", why))
    given = _given(access, user, form, form.get("scope", []))
    if kind == "refresh_token":
        given["refresh_token"] = _first(form, "refresh_token")
    elif _first(form, "access_type") == "offline":
        given["refresh_token"] = _refresh_token(access, user, _first(form, "service"))
    return _json(200, given)


def _given(access: TokenAccess, user: str, asked: Mapping[str, list[str]], scopes: Iterable[str]) -> dict[str, object]:
    """Return the fields that both ways answer with; the scope is what was granted, perhaps less than was asked for."""
    granted = [wanted for wanted in parse_scopes(scopes) if _may(access, user, wanted)]
    now = access.clock()
    said: dict[str, object] = {
        "iss": access.issuer,
        "sub": user,
        "aud": _service(access, asked),
        "exp": int(now + access.life) if access.life >= 1 else now + access.life,
        "nbf": int(now),
        "iat": int(now),
        "jti": secrets.token_urlsafe(12),
        "access": claims.access_claim(granted),
    }
    return {
        "access_token": claims.signed(access.secret, said),
        "scope": " ".join(f"{e['type']}:{e['name']}:{_joined(e['actions'])}" for e in claims.access_claim(granted)),
        "expires_in": int(access.life),
        "issued_at": rfc3339(int(now) * 10**9),
    }


def _may(access: TokenAccess, user: str, wanted: Wanted) -> bool:
    if user:
        return access.users.may(user, wanted)
    return wanted.type == "repository" and wanted.action == "pull"


def _service(access: TokenAccess, asked: Mapping[str, list[str]]) -> str:
    return _first(asked, "service") or access.service


def _refresh_token(access: TokenAccess, user: str, service: str) -> str:
    return claims.signed(access.secret, {"sub": user, "aud": service, "use": "refresh", "jti": secrets.token_hex(8)})


def _refreshing(access: TokenAccess, token: str, service: str) -> str:
    said = claims.read(access.secret, token) or {}
    fits = said.get("use") == "refresh" and said.get("aud") == service
    return str(said.get("sub", "")) if fits else ""


def _refused(access: TokenAccess, why: str) -> Outgoing:
    challenge = ("Www-Authenticate", f'Basic realm="{access.issuer}"')
    return Outgoing(
        401,
        Headers.of(*_NOT_KEPT, challenge),
        error_body(element(REPLIES["unauthorized"], Fault("unauthorized", why), View.HELP)),
    )


def _json(status: int, value: Mapping[str, object]) -> Outgoing:
    return Outgoing(status, Headers.of(*_NOT_KEPT), json.dumps(value).encode() + b"\n")


def _oauth_error(code: str, why: str) -> dict[str, object]:
    return {"error": code, "error_description": why}


def _collected(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(_as_utf8(value))
    return found


def _first(values: Mapping[str, list[str]], name: str) -> str:
    return values.get(name, [""])[0]


def _joined(actions: object) -> str:
    return ",".join(actions) if isinstance(actions, list) else ""


def _as_utf8(text: str) -> str:
    return text.encode("latin-1").decode("utf-8", "surrogateescape")
