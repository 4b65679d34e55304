"""The visit to a token service, as steps of its own: which request asks, what its answer must have.

A name with a password asks by GET with Basic, as docker does, and by POST where GET is not taken (404, 405) or where
that was asked for; a refresh or identity token asks by POST. A POST that is answered 400, 401, 404 or 405 is followed
by a GET, as containerd does, since some services know only that.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import quote, urlencode

from explorer.errors import Stuck
from explorer.flows import Flow
from explorer.flows.answers import describe
from explorer.flows.login import Login
from explorer.flows.redirected import REDIRECTS, redirected
from explorer.flows.requests import request, with_authorization
from explorer.frozen import frozen
from explorer.model import Exchange, Origin, Request, Step
from explorer.spec.challenges import Challenge
from explorer.spec.locations import append_query, resolve
from explorer.spec.references import is_loopback
from explorer.spec.tokens import TokenAnswer, read_token_answer

CLIENT_ID = "registry-explorer"
_TITLE = "ask the token service"
_POST_IS_UNKNOWN = (400, 401, 404, 405)
_GET_IS_UNKNOWN = (404, 405)


@frozen
class Visit:
    """What a token service is asked: where it is, for which service and scopes, and with which login."""

    origin: Origin
    target: str
    realm: str
    service: str
    scopes: tuple[str, ...]
    login: Login | None  # only one that may go there
    withheld: Login | None  # one that may not
    refresh: str = ""  # a refresh token of the service's own


def visit_for(
    exchange: Exchange, bearer: Challenge, scopes: tuple[str, ...], login: Login | None, refresh: tuple[str, str]
) -> Visit:
    """Return what a Bearer challenge wants to be asked; raises Stuck where it names no service that can be asked.

    `refresh` is a refresh token that a service gave, and the origin of that service.
    """
    realm = bearer.get("realm")
    if not realm:
        fields = exchange.response.headers.all("WWW-Authenticate") if exchange.response else ()
        raise Stuck(
            f"The Bearer challenge names no realm that can be read, so there is no token service to ask. "
            f"WWW-Authenticate is: {', '.join(fields)}"
        )
    try:
        origin, target = resolve(exchange.request, realm)
    except Stuck as bad:
        raise Stuck(f"The realm '{realm}' of the challenge is no address of a token service: {bad.sentence}") from bad
    may_know = login is not None and login.may_go_to(origin)
    return Visit(
        origin,
        target,
        realm,
        bearer.get("service"),
        scopes,
        login if may_know else None,
        None if may_know else login,
        refresh[0] if refresh[1] == str(origin) else "",
    )


def token_from(visit: Visit) -> Flow[TokenAnswer]:
    """Ask in one manner after the other until there is a token; raises Stuck where there is none."""
    answered: Exchange | None = None
    for asking, falls_back in _manners(visit):
        answered = yield from _asked(asking)
        if answered.status == 200:
            return _token_in(answered, visit.realm)
        if answered.status not in falls_back:
            break
    raise Stuck(_refused(answered, visit))


def _asked(step: Step) -> Flow[Exchange]:
    def alone() -> Flow[Exchange]:
        return (yield step)

    # A form holds the secret itself, which must not go on to wherever a redirect leads.
    return (yield from (redirected(alone()) if step.request.method == "GET" else alone()))


def _manners(visit: Visit) -> Iterator[tuple[Step, tuple[int, ...]]]:
    """Yield the ways to ask, each with the statuses after which the next is tried."""
    login = visit.login
    for refresh in dict.fromkeys(filter(None, (visit.refresh, login.refresh if login else ""))):
        yield _by_post(visit, {"grant_type": "refresh_token", "refresh_token": refresh}), _POST_IS_UNKNOWN
    has_password = bool(login and login.basic)
    by_password = {"grant_type": "password", **_pair(login)} if login and has_password else {}
    if login and login.posts and has_password:
        yield _by_post(visit, by_password), _POST_IS_UNKNOWN
        yield _by_get(visit), ()
        return
    yield _by_get(visit), _GET_IS_UNKNOWN if has_password else ()
    if has_password:
        yield _by_post(visit, by_password), ()


def _pair(login: Login) -> dict[str, str]:
    username, password = login.pair
    return {"username": username, "password": password}


def _by_get(visit: Visit) -> Step:
    query = [f"service={quote(visit.service, safe='')}"] if visit.service else []
    query += [f"scope={quote(scope, safe=':/,*')}" for scope in visit.scopes]
    target = append_query(visit.target, "&".join(query)) if query else visit.target
    asking = request("GET", visit.origin, target)
    login = visit.login
    if login and login.basic:
        asking = with_authorization(asking, f"Basic {login.basic}")
        return Step(_TITLE, asking, spec="token auth", why=_why(visit, f"It goes with {login.words}."), expects=(200,))
    anonymous = "" if visit.withheld else "It is asked without a login."
    return Step(_TITLE, asking, spec="token auth", why=_why(visit, anonymous), expects=(200,))


def _by_post(visit: Visit, grant: dict[str, str]) -> Step:
    form = {
        "grant_type": grant["grant_type"],
        "service": visit.service,
        "client_id": CLIENT_ID,
        "scope": " ".join(visit.scopes),
        **grant,
    }
    body = urlencode({name: value for name, value in form.items() if value}, errors="surrogateescape").encode("ascii")
    kind = ("Content-Type", "application/x-www-form-urlencoded")
    asking = request("POST", visit.origin, visit.target, kind, body=body)
    whose = visit.login.words if visit.login else "the refresh token that the service gave before"
    return Step(_TITLE, asking, spec="oauth2", why=_why(visit, f"The form has {whose}, shown masked."), expects=(200,))


def _why(visit: Visit, whose: str) -> str:
    words = ["The registry's challenge names this token service; its token goes with the same request again.", whose]
    if visit.withheld:
        words.append(
            f"Not sent is {visit.withheld.words}: it belongs to {visit.withheld.origin}, and this is "
            f"another origin ({visit.origin}); --trust {visit.origin} would send it, or an Authorization put in by an "
            "edit of this step."
        )
    if visit.origin.scheme == "http" and not is_loopback(visit.origin.host):
        words.append("Beware: the realm is plain http, so whatever is sent can be read on the way.")
    if _is_of_a_private_network(visit.origin.host):
        words.append(
            "Beware: the realm is an address within a private network, which a registry outside has no use for."
        )
    return " ".join(filter(None, words))


def _is_of_a_private_network(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return (address.is_private or address.is_link_local) and not address.is_loopback


def _token_in(answered: Exchange, realm: str) -> TokenAnswer:
    body = answered.response.body if answered.response else b""
    found = read_token_answer(body) if isinstance(body, bytes) else None
    if found is None:
        said = f" {describe(answered.response)}" if answered.response and body and not _is_json(body) else ""
        raise Stuck(
            f"The token service {realm} answered 200, but with no 'token' or 'access_token' in it that can be sent. "
            f"Is the realm right?{said}"
        )
    return found


def _is_json(body: object) -> bool:
    return isinstance(body, bytes) and body.lstrip()[:1] == b"{"


def _refused(answered: Exchange | None, visit: Visit) -> str:
    if answered is None or answered.response is None:
        return f"The token service {visit.realm} was not asked."
    answer = answered.response
    sent: Request = answered.request
    words = [f"The token service {sent.origin} answered {answer.status_text}."]
    has_login = bool(sent.headers.get("Authorization") or sent.body)
    if answer.status in REDIRECTS:
        words.append(
            "A form with a login is not sent on to where it points; the challenge's realm should be that place."
        )
    elif has_login and answer.status in (400, 401, 403):
        words.append(f"It did not take {visit.login.words if visit.login else 'what was sent'}: is it right?")
    elif not has_login:
        words.append("It was asked without credentials.")
        if visit.withheld:
            words.append(f"To send {visit.withheld.words} there, too, give --trust {visit.origin}.")
        else:
            words.append("Use --user NAME where it wants a login.")
    words.append(describe(answer))
    return " ".join(words)
