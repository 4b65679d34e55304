"""Challenges answered in sight: token services, Basic, and what is sent to whom."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from explorer.errors import Stuck
from explorer.flows import Flow
from explorer.flows.authenticated import authenticated
from explorer.flows.blob_exists import head_blob
from explorer.flows.login import Login, shown_login
from explorer.model import Exchange, Headers, Origin, Request, Response, Step
from explorer.redact import masked
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


def served(status: int, body: bytes = b"") -> Response:
    """Answer as a token service that refuses."""
    return Response(status, "No", "HTTP/1.1", Headers(), body)


BEARER = challenge('Bearer realm="/token",service="reg",scope="repository:a/b:pull"')
IDENTITY = Login(str(HOME), refresh="identity", source="a file")


@pytest.mark.parametrize("status", [400, 401, 404, 405])
def test_a_post_that_a_service_does_not_take_is_followed_by_a_get(status: int) -> None:
    asked, outcome = walk(IDENTITY, BEARER, served(status), token("one"), OK, OK)
    assert [request.method for request in asked[1:3]] == ["POST", "GET"]
    assert asked[3].headers.get("Authorization") == "Bearer one"
    assert isinstance(outcome, Done)


def test_a_post_that_is_refused_otherwise_is_a_sentence() -> None:
    asked, outcome = walk(IDENTITY, BEARER, served(503))
    assert [request.method for request in asked] == ["HEAD", "POST"]
    assert isinstance(outcome, Blocked)
    assert "answered 503" in outcome.sentence


def test_a_password_goes_by_post_where_get_is_not_taken() -> None:
    asked, outcome = walk(LOGIN, BEARER, served(405), token("one"), OK, OK)
    assert [request.method for request in asked[1:3]] == ["GET", "POST"]
    assert asked[2].body == (
        b"grant_type=password&service=reg&client_id=registry-explorer&scope=repository%3Aa%2Fb%3Apull"
        b"&username=ann&password=p%3Aw"
    )
    assert isinstance(outcome, Done)


def test_a_password_goes_by_post_at_first_where_that_is_wanted() -> None:
    login = replace(LOGIN, posts=True)
    asked, outcome = walk(login, BEARER, served(404), token("one"), OK, OK)
    assert [request.method for request in asked[1:3]] == ["POST", "GET"]
    assert isinstance(outcome, Done)


def test_a_refresh_token_of_the_service_is_used_for_the_next_token() -> None:
    first = Response(200, "OK", "HTTP/1.1", Headers(), b'{"token":"one","refresh_token":"r1"}')
    asked, _ = walk(LOGIN, BEARER, first, OK, BEARER, token("two"), OK)
    assert asked[4].method == "POST"
    assert b"refresh_token=r1" in asked[4].body  # type: ignore[operator]  # a form is bytes
    assert asked[5].headers.get("Authorization") == "Bearer two"


def test_a_token_service_that_redirects_is_followed_in_sight_without_the_login() -> None:
    moved = Response(302, "Found", "HTTP/1.1", Headers.of(("Location", "https://auth.example/t")))
    asked, _ = walk(LOGIN, BEARER, moved, token("one"), OK)
    assert asked[1].headers.get("Authorization") == BASIC
    assert (str(asked[2].origin), asked[2].headers.get("Authorization")) == ("https://auth.example", None)


def test_a_form_with_a_secret_does_not_follow_a_redirect() -> None:
    moved = Response(307, "Moved", "HTTP/1.1", Headers.of(("Location", "https://auth.example/t")))
    asked, outcome = walk(IDENTITY, BEARER, moved)
    assert len(asked) == 2
    assert isinstance(outcome, Blocked)
    assert "is not sent on" in outcome.sentence


def test_a_401_that_does_not_end_is_ended() -> None:
    asked, outcome = walk(LOGIN, BEARER, token("one"), BEARER)
    assert len(asked) == 3
    assert isinstance(outcome, Blocked)
    assert "with a token that was new" in outcome.sentence


def test_a_part_of_the_scope_is_named_where_more_was_asked_for() -> None:
    granted = json.dumps({"token": "one", "scope": "repository:a/b:pull"}).encode()
    wanted = challenge(f'Bearer realm="/token",{SCOPE},error="insufficient_scope"')
    _, outcome = walk(LOGIN, wanted, Response(200, "OK", "HTTP/1.1", Headers(), granted), wanted)
    assert isinstance(outcome, Blocked)
    assert "(insufficient_scope)" in outcome.sentence
    assert "Not granted: repository:a/b:push" in outcome.sentence


def test_bearer_is_answered_before_basic() -> None:
    both = challenge('Basic realm="x", Bearer realm="/token"')
    asked, _ = walk(LOGIN, both, token("one"), OK)
    assert [request.headers.get("Authorization") for request in asked[1:]] == [BASIC, "Bearer one"]
    assert asked[1].target == "/token"


def test_basic_is_answered_where_bearer_leads_nowhere() -> None:
    asked, outcome = walk(LOGIN, challenge('Bearer, Basic realm="x"'), OK, OK)
    assert [request.headers.get("Authorization") for request in asked] == [None, BASIC, BASIC]
    assert isinstance(outcome, Done)


def test_a_registry_that_answers_a_failed_token_with_basic_is_asked_with_a_new_token_first() -> None:
    asked, outcome = walk(LOGIN, BEARER, token("one"), OK, challenge('Basic realm="harbor"'), token("two"), OK)
    assert [request.headers.get("Authorization") for request in asked[3:]] == ["Bearer one", BASIC, "Bearer two"]
    assert isinstance(outcome, Done)


def test_then_the_password_is_sent_and_then_it_ends() -> None:
    basic = challenge('Basic realm="harbor"')
    asked, outcome = walk(LOGIN, BEARER, token("one"), OK, basic, token("two"), basic, basic)
    assert [request.headers.get("Authorization") for request in asked[4:]] == [BASIC, "Bearer two", BASIC]
    assert isinstance(outcome, Blocked)
    assert "did not take the user and the password" in outcome.sentence


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Response(401, "No", "HTTP/1.1"), "no WWW-Authenticate"),
        (challenge("="), "is no challenge"),
        (challenge('Digest realm="x"'), "not known here: digest"),
    ],
)
def test_a_401_that_cannot_be_answered_says_why(answer: Response, words: str) -> None:
    _, outcome = walk(LOGIN, answer)
    assert isinstance(outcome, Blocked)
    assert words in outcome.sentence


def test_a_token_by_hand_goes_with_the_first_request_and_is_not_sent_twice() -> None:
    login = Login(str(HOME), token="mine", source="--token")
    asked, outcome = walk(login, BEARER)
    assert [request.headers.get("Authorization") for request in asked] == ["Bearer mine"]
    assert isinstance(outcome, Blocked)
    assert "did not take the token from --token" in outcome.sentence


def test_a_token_that_is_found_later_goes_without_a_visit_to_a_token_service() -> None:
    known: list[Login] = []
    walked = Walk(lambda: authenticated(flow(), lambda _: known[0] if known else None))
    assert isinstance(walked.outcome, Step)
    first = walked.outcome.request
    known.append(Login(str(HOME), token="kept", source="a file"))
    walked.feed(Exchange(1, 0, "", first, first, BEARER))
    assert isinstance(walked.outcome, Step)
    assert walked.outcome.request.headers.get("Authorization") == "Bearer kept"
    assert "the token from a file" in walked.outcome.why


def test_a_login_that_could_not_be_had_is_a_sentence() -> None:
    def ask(_: Origin) -> Login | None:
        if asked_for:
            raise Stuck("The helper failed.")
        asked_for.append(True)
        return None

    asked_for: list[bool] = []
    walked = Walk(lambda: authenticated(flow(), ask))
    assert isinstance(walked.outcome, Step)
    first = walked.outcome.request
    walked.feed(Exchange(1, 0, "", first, first, BEARER))
    assert isinstance(walked.outcome, Blocked)
    assert "The helper failed." in walked.outcome.sentence


def test_a_step_says_whose_login_it_has_and_what_a_token_is_good_for() -> None:
    login = replace(LOGIN, source="--user")
    walked = Walk(lambda: authenticated(flow(), lambda _: login))
    answer = Response(200, "OK", "HTTP/1.1", Headers(), b'{"token":"one","expires_in":300}')
    whys = []
    for number, given in enumerate((BEARER, answer), start=1):
        assert isinstance(walked.outcome, Step)
        sent = walked.outcome.request
        walked.feed(Exchange(number, number - 1, "", sent, sent, given))
        assert isinstance(walked.outcome, Step)
        whys.append(walked.outcome.why)
    assert "the login of 'ann' from --user" in whys[0]
    assert "good for 300 s" in whys[1]


@pytest.mark.parametrize("realm", ["http://10.0.0.1/t", "https://169.254.169.254/t", "https://[fd00::1]/t"])
def test_a_realm_within_a_private_network_is_warned_about(realm: str) -> None:
    walked = Walk(lambda: authenticated(flow(), lambda _: None))
    assert isinstance(walked.outcome, Step)
    first = walked.outcome.request
    walked.feed(Exchange(1, 0, "", first, first, challenge(f'Bearer realm="{realm}"')))
    assert isinstance(walked.outcome, Step)
    assert "private network" in walked.outcome.why


def test_a_challenge_of_a_place_that_the_conversation_was_led_to_is_not_answered() -> None:
    elsewhere = Origin("https", "evil.example", 443)

    def moving() -> Flow[None]:
        yield from head_blob(HOME, "a/b", DIGEST)
        yield from head_blob(elsewhere, "a/b", DIGEST)

    walked = Walk(lambda: authenticated(moving(), lambda _: LOGIN))
    for number, answer in enumerate((OK, challenge('Bearer realm="https://evil.example/t"')), start=1):
        assert isinstance(walked.outcome, Step)
        sent = walked.outcome.request
        walked.feed(Exchange(number, number - 1, "", sent, sent, answer))
    assert isinstance(walked.outcome, Blocked)
    assert "https://evil.example is not the registry" in walked.outcome.sentence


SHOWN: dict[str, tuple[Login, tuple[Response, ...]]] = {
    "basic": (LOGIN, (challenge('Basic realm="x"'), OK)),
    "basic for a token": (LOGIN, (BEARER, token("one"), OK)),
    "a password by post": (replace(LOGIN, posts=True), (BEARER, token("one"), OK)),
    "get, then post": (LOGIN, (BEARER, served(405), token("one"), OK)),
    "an identity token": (IDENTITY, (BEARER, token("one"), OK)),
    "a token by hand": (Login(str(HOME), token="mine"), (OK,)),
    "a trusted realm": (
        replace(LOGIN, trusted=("https://auth.example",)),
        (challenge('Bearer realm="https://auth.example/t"'), token("one"), OK),
    ),
    "nobody": (Login(""), (BEARER, token("one"), OK)),
}


@pytest.mark.parametrize(("login", "answers"), SHOWN.values(), ids=SHOWN.keys())
def test_a_recording_shows_enough_of_its_login_to_be_fed_again(login: Login, answers: tuple[Response, ...]) -> None:
    walked = Walk(lambda: authenticated(flow(), lambda _: login if login.origin else None))
    recorded = []
    for number, answer in enumerate(answers, start=1):
        assert isinstance(walked.outcome, Step)
        step = walked.outcome
        exchange = Exchange(number, number - 1, step.title, step.request, step.request, answer, spec=step.spec)
        recorded.append(masked(exchange))
        walked.feed(exchange)
    shown = shown_login(recorded, HOME)
    again = Walk(lambda: authenticated(flow(), lambda _: shown), recorded)
    assert isinstance(again.outcome, Step), again.outcome
    assert (shown is None) == (not login.origin)
    assert again.outcome.title == walked.outcome.title  # type: ignore[union-attr]  # a step, as above


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
