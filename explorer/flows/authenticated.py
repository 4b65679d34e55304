"""Authentication with every hop in sight: the challenge, the visit to the token service, the request again.

Docker's token specification (distribution, docs/spec/auth/token.md and oauth.md), RFC 7617 for Basic.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from explorer.errors import InputError, Stuck
from explorer.flows import Flow, T
from explorer.flows.answers import describe
from explorer.flows.requests import USER_AGENT
from explorer.model import Exchange, Header, Headers, Origin, Request, Response, Step
from explorer.spec.challenges import Challenge, joined_scopes, parse_challenges
from explorer.spec.locations import append_query, resolve
from explorer.spec.references import is_loopback

CLIENT_ID = "registry-explorer"
_MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Login:
    """A credential as it goes on the wire, and the origin that it was given for.

    `basic` is the value after "Basic ", `token` one after "Bearer ", `refresh` a refresh or identity token; each may be
    empty. `trusted` are the realms' origins, written scheme://host[:port], that it may go to besides.
    """

    origin: str
    basic: str = ""
    token: str = ""
    refresh: str = ""
    trusted: tuple[str, ...] = ()

    @classmethod
    def of(cls, origin: Origin, username: str, password: str) -> Login:
        """Make a login of a name and a password."""
        return cls(str(origin), base64.b64encode(f"{username}:{password}".encode()).decode("ascii"))


@dataclass(slots=True)
class _Held:
    """What was learned on the way: the Authorization in use for the registry, and the scopes it was got for."""

    authorization: str = ""
    scopes: tuple[str, ...] = ()
    tries: int = 0


def authenticated(flow: Flow[T], login: Login | None) -> Flow[T]:
    """Run a flow, and answer each challenge of its registry in steps of their own.

    A 401 with a Bearer challenge leads to a step that asks the token service, and then to the same request again with
    the token; so does a token that runs out in the middle or does not suffice. Basic is answered with the login.
    Credentials go to the origin that they were given for, and to no other.
    """
    held = _Held(f"Bearer {login.token}" if login and login.token else "")
    try:
        step = next(flow)
        home = str(step.request.origin) if login is None else login.origin
        while True:
            exchange = yield _with_authorization(step, held, home)
            held.tries = 0
            while exchange.status == 401 and str(exchange.request.origin) == home and _challenges(exchange):
                held.tries += 1
                if held.tries >= _MOST_TRIES or not (yield from _answer(exchange, held, login)):
                    break
                again = replace(step, title=f"{step.title} (with credentials)", request=exchange.request)
                exchange = yield _with_authorization(again, held, home)
            step = flow.send(exchange)
    except StopIteration as done:
        result: T = done.value
        return result


def _challenges(exchange: Exchange) -> tuple[Challenge, ...]:
    return parse_challenges(exchange.response.headers) if exchange.response else ()


def _with_authorization(step: Step, held: _Held, home: str) -> Step:
    if not held.authorization or str(step.request.origin) != home:
        return step
    return replace(step, request=with_authorization(step.request, held.authorization))


def with_authorization(request: Request, value: str) -> Request:
    """Return the request with an Authorization after its User-Agent; one that it has already is replaced."""
    if request.headers.get("Authorization") is not None:
        return replace(request, headers=request.headers.set("Authorization", value))
    rows = list(request.headers)
    names = [row.name.lower() for row in rows]
    place = names.index("user-agent") + 1 if "user-agent" in names else len(rows)
    rows.insert(place, Header("Authorization", value))
    return replace(request, headers=Headers(tuple(rows)))


def _answer(exchange: Exchange, held: _Held, login: Login | None) -> Flow[bool]:
    """Find an Authorization for the challenges of a 401, and say whether there is one; raises Stuck where it fails."""
    challenges = _challenges(exchange)
    bearer = next((challenge for challenge in challenges if challenge.scheme == "bearer"), None)
    if bearer is not None:
        held.authorization = yield from _token(exchange, bearer, held, login)
        return True
    if any(challenge.scheme == "basic" for challenge in challenges):
        if login is None or not login.basic:
            return False
        if held.authorization == f"Basic {login.basic}":
            raise Stuck(f"{exchange.request.origin} did not take the user and the password. {_said(exchange)}")
        held.authorization = f"Basic {login.basic}"
        return True
    named = ", ".join(challenge.scheme for challenge in challenges)
    raise Stuck(f"{exchange.request.origin} wants a kind of credentials that is not known here: {named}.")


def _said(exchange: Exchange) -> str:
    return describe(exchange.response) if exchange.response else ""


def _token(exchange: Exchange, bearer: Challenge, held: _Held, login: Login | None) -> Flow[str]:
    """Ask the token service that a challenge names; returns the Authorization that it gives."""
    realm = bearer.get("realm")
    if not realm:
        raise Stuck("The Bearer challenge names no realm, so there is no token service to ask.")
    try:
        origin, target = resolve(exchange.request, realm)
    except Stuck as bad:
        raise Stuck(f"The realm '{realm}' of the challenge is no address of a token service: {bad.sentence}") from bad
    held.scopes = joined_scopes(held.scopes, bearer.scopes)
    ask = _ask(origin, target, bearer, held, login)
    answered = yield ask
    answer = answered.response
    if answer is None or answer.status != 200:
        raise Stuck(_refused(answered, login, answered.request))
    return f"Bearer {_token_in(answer, realm)}"


def _ask(origin: Origin, target: str, bearer: Challenge, held: _Held, login: Login | None) -> Step:
    may_know = login is not None and str(origin) in (login.origin, *login.trusted)
    why = "The registry's challenge names this token service; its token goes with the same request again."
    if login is not None and not may_know:
        why += (
            f" The login for {login.origin} is not sent, since this is another origin ({origin}); "
            f"--trust {origin} would send it, or an Authorization put in by an edit of this step."
        )
    if origin.scheme == "http" and not is_loopback(origin.host):
        why += " Beware: the realm is plain http, so whatever is sent can be read on the way."
    headers = [("Host", origin.authority), ("User-Agent", USER_AGENT)]
    if may_know and login and login.refresh:
        return _oauth(origin, target, bearer, held, login, why)
    service = bearer.get("service")
    query = [f"service={quote(service, safe='')}"] if service else []
    query += [f"scope={quote(scope, safe=':/,*')}" for scope in held.scopes]
    request = Request("GET", origin, append_query(target, "&".join(query)) if query else target, Headers.of(*headers))
    if may_know and login and login.basic:
        request = with_authorization(request, f"Basic {login.basic}")
    return Step("ask the token service", request, spec="token auth", why=why, expects=(200,))


def _oauth(origin: Origin, target: str, bearer: Challenge, held: _Held, login: Login, why: str) -> Step:
    form = {
        "grant_type": "refresh_token",
        "service": bearer.get("service"),
        "client_id": CLIENT_ID,
        "scope": " ".join(held.scopes),
        "refresh_token": login.refresh,
    }
    body = urlencode({name: value for name, value in form.items() if value}).encode("ascii")
    headers = Headers.of(
        ("Host", origin.authority),
        ("User-Agent", USER_AGENT),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Length", str(len(body))),
    )
    request = Request("POST", origin, target, headers, body)
    return Step("ask the token service", request, spec="oauth2", why=why, expects=(200,))


def _token_in(answer: Response, realm: str) -> str:
    body = answer.body if isinstance(answer.body, bytes) else b""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    token = (value.get("token") or value.get("access_token")) if isinstance(value, dict) else None
    if not isinstance(token, str) or not token.isprintable() or not token.isascii():
        raise Stuck(f"The token service {realm} answered 200, but with no 'token' or 'access_token' in it.")
    return token


def _refused(answered: Exchange, login: Login | None, sent: Request) -> str:
    answer = answered.response
    status = f"{answer.status} {answer.reason}" if answer else "nothing"
    without = "" if sent.headers.get("Authorization") or sent.body else " It was asked without credentials."
    hint = "" if login else " Use --user NAME where it wants a login."
    return f"The token service {sent.origin} answered {status}.{without}{hint} {_said(answered)}"


def login_to_json(login: Login) -> dict[str, object]:
    """Return a login as plain JSON values, for a recording's first line; `redact` masks its secrets."""
    return {
        "origin": login.origin,
        "basic": login.basic,
        "token": login.token,
        "refresh": login.refresh,
        "trusted": list(login.trusted),
    }


def login_from_json(value: object) -> Login | None:
    """Return the login that `login_to_json` wrote, None where there is none; raises InputError where it is no login."""
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("trusted"), list):
        raise InputError("The recording's login is not written as one.")
    texts = {name: str(value.get(name, "")) for name in ("origin", "basic", "token", "refresh")}
    return Login(**texts, trusted=tuple(str(origin) for origin in value["trusted"]))
