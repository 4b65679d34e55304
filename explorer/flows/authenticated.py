"""Authentication with every hop in sight: the challenge, the visit to the token service, the request again.

Docker's token specification (distribution, docs/spec/auth/token.md and oauth.md), RFC 7617 for Basic, RFC 9110 (11.6.1)
for what a 401 has to say. Only the challenges of the registries that the conversation is about are answered: a place
that a Location or a manifest leads to gets nothing, and its token service is not visited (CVE-2020-15157).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from explorer.errors import Stuck
from explorer.flows import Flow, T
from explorer.flows.login import Ask, Login, nobody
from explorer.flows.requests import with_authorization
from explorer.model import Exchange, Origin, Step, Unkept
from explorer.spec.challenges import Challenge, joined_scopes, parse_challenges, why_unreadable

if TYPE_CHECKING:
    from explorer.spec.tokens import TokenAnswer

WITH_CREDENTIALS = " (with credentials)"
"""How the title of a step ends that is sent again with a login or a token."""


def authenticated(flow: Flow[T], ask: Ask = nobody, homes: tuple[Origin, ...] = ()) -> Flow[T]:
    """Run a flow, and answer each challenge of its registries in steps of their own.

    A 401 with a Bearer challenge leads to a step that asks the token service, and then to the same request again with
    the token; so does a token that runs out in the middle or does not suffice. Basic is answered with the login.
    Credentials go to the origin that they were given for, and to no other. `homes` are the registries, by default the
    one that the first request goes to; `ask` tells the login for each, when it is needed.
    """
    try:
        step = next(flow)
        talks = {home: _Talk(home, ask) for home in homes or (step.request.origin,)}
        while True:
            exchange = yield _with_credentials(step, talks)
            why_not = ""
            for talk in talks.values():
                talk.begin()
            while exchange.status == 401 and not why_not:
                answering = talks.get(exchange.request.origin)
                if answering is None:
                    why_not = _elsewhere(exchange.request.origin, tuple(talks))
                    break
                why_not = yield from _answered(exchange, answering)
                if isinstance(exchange.request.body, Unkept):
                    break  # its bytes came from another answer and are gone: the flow has to get them again
                if not why_not:
                    exchange = yield _again(_with_credentials(step, talks), exchange, answering)
            step = _fed(flow, exchange, why_not)
    except StopIteration as done:
        result: T = done.value
        return result


def _fed(flow: Flow[T], exchange: Exchange, why_not: str) -> Step:
    try:
        return flow.send(exchange)
    except Stuck as stuck:
        if not why_not:
            raise
        raise Stuck(f"{stuck.sentence} {why_not}") from stuck


class _Talk:
    """What was learned of a registry on the way: the Authorization in use, what it was got for, what was tried."""

    def __init__(self, home: Origin, ask: Ask) -> None:
        self.home = home
        self._ask = ask
        by_hand = ask(home)
        self.authorization = f"Bearer {by_hand.token}" if by_hand and by_hand.token else ""
        self.challenge: Challenge | None = None
        self.scopes: tuple[str, ...] = ()
        self.refresh = ("", "")
        self.words = ""
        self.begin()

    def begin(self) -> None:
        """Forget what was tried for the step before."""
        self.asked_for: list[tuple[str, ...]] = []
        self.has_gone_back = False

    @property
    def login(self) -> Login | None:
        """The login, now that it is needed; raises Stuck where it could not be had."""
        return self._ask(self.home)


def _with_credentials(step: Step, talks: dict[Origin, _Talk]) -> Step:
    if step.relay:
        step = replace(step, relay=replace(step.relay, step=_with_credentials(step.relay.step, talks)))
    talk = talks.get(step.request.origin)
    if talk is None:
        held = [str(home) for home, other in talks.items() if other.authorization]
        beware = f" It goes to another origin than {held[0]}, so no credentials go with it." if held else ""
        return replace(step, why=f"{step.why}{beware}")
    if not talk.authorization:
        return step
    return replace(step, request=with_authorization(step.request, talk.authorization))


def _again(step: Step, exchange: Exchange, talk: _Talk) -> Step:
    """Return the request that was answered 401, as it was really sent, with credentials."""
    return replace(
        step,
        title=f"{step.title}{WITH_CREDENTIALS}",
        request=with_authorization(exchange.request, talk.authorization),
        why=f"The same request again. {talk.words}",
    )


def _answered(exchange: Exchange, talk: _Talk) -> Flow[str]:
    """Find an Authorization for a 401; returns an empty text, or why there is none. Raises Stuck."""
    headers = exchange.response.headers if exchange.response else None
    challenges = parse_challenges(headers) if headers else ()
    if headers is not None and (unreadable := why_unreadable(headers)) and not challenges:
        return unreadable
    bearer = next((challenge for challenge in challenges if challenge.scheme == "bearer"), None)
    basic = next((challenge for challenge in challenges if challenge.scheme == "basic"), None)
    sent = exchange.request.headers.get("Authorization") or ""
    login = talk.login
    # Harbor answers whatever fails with Basic, a token that has run out, too.
    if bearer is None and talk.challenge and sent.startswith("Bearer ") and not talk.has_gone_back:
        talk.has_gone_back = True
        bearer = replace(talk.challenge)
    if bearer is not None and not (basic and not bearer.get("realm")):
        why_not = yield from _by_token(exchange, bearer, talk, login)
        if not why_not or basic is None or login is None or not login.basic:
            return why_not
    if basic is not None:
        return _by_password(exchange, talk, login, sent)
    named = ", ".join(challenge.scheme for challenge in challenges)
    return f"{talk.home} wants a kind of credentials that is not known here: {named}. Bearer and Basic are."


def _by_password(exchange: Exchange, talk: _Talk, login: Login | None, sent: str) -> str:
    if login is None or not login.basic:
        return f"It wants a name and a password. {_no_login(login, talk.home)}"
    if sent == f"Basic {login.basic}":
        source = f" from {login.source}" if login.source else ""
        return f"{exchange.request.origin} did not take the user and the password{source}: are they right?"
    talk.authorization = f"Basic {login.basic}"
    talk.words = f"It goes with {login.words}, by Basic; whoever reads it has the password."
    return ""


def _no_login(login: Login | None, home: Origin) -> str:
    if login is not None:
        return f"What is known is {login.words}, which is none: give --user NAME."
    return f"No login for {home} was given or found: give --user NAME, or log in to it with docker or podman."


def _by_token(exchange: Exchange, bearer: Challenge, talk: _Talk, login: Login | None) -> Flow[str]:
    """Get a token for a Bearer challenge; returns an empty text, or why there is none that could help."""
    if login is not None and login.token:
        if talk.authorization == f"Bearer {login.token}":
            return f"{talk.home} did not take {login.words}{_error_in(bearer)}. Is it meant for it, and still good?"
        talk.authorization = f"Bearer {login.token}"
        talk.words = f"It goes with {login.words}."
        return ""
    from explorer.flows.token_service import token_from, visit_for

    scopes = joined_scopes(talk.scopes, bearer.scopes)
    if scopes in talk.asked_for:
        return f"It was sent with a token that was new, and not taken{_error_in(bearer)}. {talk.words}"
    talk.asked_for.append(scopes)
    visit = visit_for(exchange, bearer, scopes, login, talk.refresh)
    got = yield from token_from(visit)
    talk.challenge, talk.scopes = bearer, scopes
    talk.authorization = f"Bearer {got.token}"
    if got.refresh_token:
        talk.refresh = (got.refresh_token, str(visit.origin))
    talk.words = _words_of(got, scopes)
    return ""


def _words_of(got: TokenAnswer, scopes: tuple[str, ...]) -> str:
    from explorer.spec.tokens import not_granted

    words = ["It goes with the token that the token service gave."]
    if got.expires_in is not None:
        words.append(f"It is good for {got.expires_in} s.")
    if got.granted is not None and (missing := not_granted(scopes, got.granted)):
        has = " ".join(got.granted) or "nothing"
        words.append(
            f"It grants only a part of what was asked for: {has}. Not granted: {' '.join(missing)}; "
            "whoever logs in needs the right to that."
        )
    return " ".join(words)


def _error_in(bearer: Challenge) -> str:
    error, more = bearer.get("error"), bearer.get("error_description")
    return f" ({error}{': ' + more if more else ''})" if error else ""


def _elsewhere(origin: Origin, homes: tuple[Origin, ...]) -> str:
    return (
        f"{origin} is not the registry of this conversation ({', '.join(map(str, homes))}), so its challenge is not "
        "answered and no login goes there; an Authorization can be put into this very step by an edit."
    )
