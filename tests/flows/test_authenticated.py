"""Challenges answered in sight: token services, Basic, and what is sent to whom."""

from __future__ import annotations

import base64
import json

import pytest

from explorer.flows import Flow
from explorer.flows.authenticated import authenticated
from explorer.flows.blob_exists import head_blob
from explorer.flows.login import Login
from explorer.model import Exchange, Headers, Origin, Request, Response, Step
from explorer.stepping import Blocked, Done, Outcome, Walk

HOME = Origin("https", "reg.example", 443)
DIGEST = "sha256:" + "0" * 64
LOGIN = Login.of(HOME, "ann", "p:w")
BASIC = "Basic " + base64.b64encode(b"ann:p:w").decode()
SCOPE = 'scope="repository:a/b:pull,push"'


def challenge(value: str) -> Response:
    """Answer 401 with a challenge."""
    return Response(401, "Unauthorized", "HTTP/1.1", Headers.of(("WWW-Authenticate", value)))


def token(value: str, name: str = "token") -> Response:
    """Answer as a token service."""
    return Response(200, "OK", "HTTP/1.1", Headers(), json.dumps({name: value}).encode())


OK = Response(200, "OK", "HTTP/1.1")


def flow() -> Flow[object]:
    """Ask for one blob twice."""
    yield from head_blob(HOME, "a/b", DIGEST)
    yield from head_blob(HOME, "a/b", DIGEST)
    return "through"


def walk(login: Login | None, *answers: Response) -> tuple[list[Request], Outcome]:
    """Feed answers to the flow; return what it asked, and where it stands."""
    walked = Walk(lambda: authenticated(flow(), lambda _: login))
    asked = []
    for number, answer in enumerate(answers, start=1):
        assert isinstance(walked.outcome, Step), walked.outcome
        asked.append(walked.outcome.request)
        walked.feed(Exchange(number, number - 1, "", asked[-1], asked[-1], answer))
    return asked, walked.outcome


def test_a_bearer_challenge_leads_to_the_token_service_and_back() -> None:
    login = Login(str(HOME), BASIC[6:], trusted=("https://auth.example",))
    bearer = challenge(f'Bearer realm="https://auth.example/token",service="reg",{SCOPE}')
    asked, outcome = walk(login, bearer, token("t0ken"), OK, OK)
    assert asked[1].url == "https://auth.example/token?service=reg&scope=repository:a/b:pull,push"
    assert asked[1].headers.get("Authorization") == BASIC
    assert [request.headers.get("Authorization") for request in asked] == [None, BASIC, "Bearer t0ken", "Bearer t0ken"]
    assert isinstance(outcome, Done)


def test_a_login_is_not_sent_to_a_realm_of_another_origin() -> None:
    bearer = challenge('Bearer realm="https://auth.example/token"')
    asked, _ = walk(LOGIN, bearer, token("anonymous"))
    assert asked[1].headers.get("Authorization") is None


def test_the_step_says_why_a_login_is_held_back() -> None:
    walked = Walk(lambda: authenticated(flow(), lambda _: LOGIN))
    assert isinstance(walked.outcome, Step)
    first = walked.outcome.request
    walked.feed(Exchange(1, 0, "", first, first, challenge('Bearer realm="http://auth.example/token"')))
    assert isinstance(walked.outcome, Step)
    assert "--trust http://auth.example" in walked.outcome.why
    assert "plain http" in walked.outcome.why


def test_the_registrys_own_origin_gets_the_login() -> None:
    asked, _ = walk(LOGIN, challenge('Bearer realm="/v2/token"'), token("x", "access_token"), OK)
    assert asked[1].headers.get("Authorization") == BASIC
    assert asked[2].headers.get("Authorization") == "Bearer x"


def test_a_token_that_runs_out_is_replaced_and_the_same_request_sent_again() -> None:
    bearer = challenge(f'Bearer realm="/token",{SCOPE}')
    late = challenge(f'Bearer realm="/token",{SCOPE},error="invalid_token"')
    asked, outcome = walk(LOGIN, bearer, token("one"), OK, late, token("two"), OK)
    assert asked[3].target == asked[5].target
    assert asked[5].headers.get("Authorization") == "Bearer two"
    assert isinstance(outcome, Done)


def test_a_scope_that_does_not_suffice_is_widened() -> None:
    first = challenge('Bearer realm="/token",scope="repository:a/b:pull"')
    more = challenge('Bearer realm="/token",scope="repository:a/b:push",error="insufficient_scope"')
    asked, _ = walk(LOGIN, first, token("one"), more, token("two"), OK)
    assert asked[3].target == "/token?scope=repository:a/b:pull,push"


def test_basic_is_answered_with_the_login_and_then_sent_at_once() -> None:
    asked, outcome = walk(LOGIN, challenge('Basic realm="x"'), OK, OK)
    assert [request.headers.get("Authorization") for request in asked] == [None, BASIC, BASIC]
    assert isinstance(outcome, Done)


def test_a_refused_login_is_said_and_not_tried_for_ever() -> None:
    _, outcome = walk(LOGIN, challenge('Basic realm="x"'), challenge('Basic realm="x"'))
    assert isinstance(outcome, Blocked)
    assert "did not take the user and the password" in outcome.sentence


def test_without_a_login_a_basic_challenge_ends_with_a_hint() -> None:
    _, outcome = walk(None, challenge('Basic realm="x"'))
    assert isinstance(outcome, Blocked)
    assert "--user" in outcome.sentence


def test_a_refresh_token_is_exchanged_by_post() -> None:
    login = Login(str(HOME), refresh="r&t")
    asked, _ = walk(login, challenge('Bearer realm="/token",service="reg"'), token("x", "access_token"), OK)
    assert asked[1].method == "POST"
    assert b"grant_type=refresh_token" in asked[1].body  # type: ignore[operator]  # a form is bytes
    assert b"refresh_token=r%26t" in asked[1].body  # type: ignore[operator]  # a form is bytes


BAD: dict[str, tuple[Response, Response | None, str]] = {
    "no realm": (challenge('Bearer service="x"'), None, "no realm"),
    "odd realm": (challenge('Bearer realm="ftp://x/y"'), None, "no address of a token service"),
    "unknown scheme": (challenge("Negotiate abc=="), None, "negotiate"),
    "no token": (challenge('Bearer realm="/t"'), Response(200, "OK", "HTTP/1.1", Headers(), b"{}"), "no 'token'"),
    "html": (challenge('Bearer realm="/t"'), Response(200, "OK", "HTTP/1.1", Headers(), b"<html>"), "no 'token'"),
    "line break": (challenge('Bearer realm="/t"'), token("a\r\nX: y"), "no 'token'"),
    "refused": (challenge('Bearer realm="/t"'), Response(403, "Forbidden", "HTTP/1.1"), "answered 403"),
}


@pytest.mark.parametrize(("first", "second", "said"), BAD.values(), ids=BAD.keys())
def test_what_leads_nowhere_is_a_sentence(first: Response, second: Response | None, said: str) -> None:
    _, outcome = walk(LOGIN, *filter(None, (first, second)))
    assert isinstance(outcome, Blocked)
    assert said in outcome.sentence


def test_no_credential_follows_to_another_origin() -> None:
    elsewhere = Origin("https", "storage.example", 443)

    def moving() -> Flow[None]:
        yield from head_blob(HOME, "a/b", DIGEST)
        yield from head_blob(elsewhere, "a/b", DIGEST)

    walked = Walk(lambda: authenticated(moving(), lambda _: LOGIN))
    for number, answer in enumerate((challenge('Basic realm="x"'), OK), start=1):
        assert isinstance(walked.outcome, Step)
        sent = walked.outcome.request
        walked.feed(Exchange(number, number - 1, "", sent, sent, answer))
    assert isinstance(walked.outcome, Step)
    assert walked.outcome.request.origin == elsewhere
    assert walked.outcome.request.headers.get("Authorization") is None
