"""A recorded conversation again: every value that came from an answer is that of the new answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.flows.replay import Replay, needed_before, replay, without_logins
from explorer.model import Exchange, Headers, Origin, Request, Response, Step
from explorer.spec.references import parse_target
from explorer.stepping import Blocked, Done
from tests.scripted import ORIGIN, answer, run

TARGET = parse_target("http://registry.test:5000/t/r:v1", plain_http=True)
TO = parse_target("http://other.test:7000/new/name:v2", plain_http=True)


def recorded(
    location: str = "/v2/t/r/blobs/uploads/4f2a?_state=OLD", rest: str = "&digest=sha256:00"
) -> list[Exchange]:
    """Return an upload as it was recorded."""
    posted = Request("POST", ORIGIN, "/v2/t/r/blobs/uploads/", Headers.of(("Host", "registry.test:5000")), b"")
    put = Request("PUT", ORIGIN, f"{location}{rest}", Headers.of(("Host", "registry.test:5000")), b"data")
    stored = Request("PUT", ORIGIN, "/v2/t/r/manifests/v1", Headers.of(("Host", "registry.test:5000")), b"{}")
    answers = (answer(202, ("Location", location)), answer(201), answer(201))
    return [
        Exchange(id, id - 1, name, request, request, response)
        for id, (name, request, response) in enumerate(zip("abc", (posted, put, stored), answers, strict=True), start=1)
    ]


def again(what: Replay, location: str = "/v2/t/r/blobs/uploads/77?_state=NEW") -> list[Request]:
    """Replay against a registry that hands out another Location; return what was sent."""

    def answers(step: Step) -> Response:
        return answer(202, ("Location", location)) if step.request.method == "POST" else answer(201)

    return [step.request for step in run(lambda: replay(what), answers).steps]


def test_an_address_is_the_location_of_the_new_answer_with_what_was_appended() -> None:
    sent = again(Replay(tuple(recorded()), {}))
    assert sent[1].target == "/v2/t/r/blobs/uploads/77?_state=NEW&digest=sha256:00"


@pytest.mark.parametrize(
    ("was", "rest", "now", "sent"),
    [
        ("/u/4f2a?_state=OLD", "&digest=d", "/u/77", "/u/77?digest=d"),
        ("/u/4f2a1111", "?digest=d", "/u/77?_state=NEW", "/u/77?_state=NEW&digest=d"),
        ("/u/4f2a?_state=OLD", "?digest=d", "/u/77?_state=NEW", "/u/77?_state=NEW?digest=d"),
        ("/u/4f2a?_state=OLD", "", "/u/77?_state=NEW", "/u/77?_state=NEW"),
        ("http://else.test/u/4f2a", "?digest=d", "http://third.test:1/u/77", "/u/77?digest=d"),
    ],
)
def test_what_was_appended_is_appended_as_is_right_for_the_new_address(
    was: str, rest: str, now: str, sent: str
) -> None:
    exchanges = recorded(was, rest)
    if was.startswith("http"):
        moved = replace(exchanges[1].request, origin=Origin("http", "else.test", 80), target=f"/u/4f2a{rest}")
        exchanges[1] = replace(exchanges[1], request=moved, proposed=moved)
    assert again(Replay(tuple(exchanges), {}), now)[1].target == sent


def test_each_substitution_is_said() -> None:
    def answers(step: Step) -> Response:
        return answer(202, ("Location", "/new?x=1")) if step.request.method == "POST" else answer(201)

    steps = run(lambda: replay(Replay(tuple(recorded()), {})), answers).steps
    assert "Nothing in it came from an earlier answer." in steps[0].why
    assert "Location of the new answer to 1: http://registry.test:5000/new?x=1." in steps[1].why


def test_a_literal_replay_sends_what_was_recorded() -> None:
    exchanges = tuple(recorded())
    assert again(Replay(exchanges, {}, literal=True)) == [exchange.request for exchange in exchanges]


def test_a_replay_goes_to_another_registry_repository_and_tag() -> None:
    sent = again(Replay(tuple(recorded()), {}, TARGET, TO), "/v2/new/name/blobs/uploads/77")
    assert [f"{request.origin}{request.target}" for request in sent] == [
        "http://other.test:7000/v2/new/name/blobs/uploads/",
        "http://other.test:7000/v2/new/name/blobs/uploads/77?digest=sha256:00",
        "http://other.test:7000/v2/new/name/manifests/v2",
    ]
    assert [request.headers.get("Host") for request in sent] == ["other.test:7000"] * 3


def test_a_replay_from_a_step_on_keeps_the_values_from_before() -> None:
    sent = again(Replay(tuple(recorded()), {}, first=2))
    assert [request.method for request in sent] == ["PUT", "PUT"]
    assert sent[0].target.endswith("_state=OLD&digest=sha256:00")


def test_a_new_answer_without_a_location_stops_the_replay_in_a_sentence() -> None:
    ran = run(lambda: replay(Replay(tuple(recorded()), {})), lambda _: answer(201))
    assert isinstance(ran.outcome, Blocked)
    assert "the new answer to that one has none" in ran.outcome.sentence


def test_a_refusal_that_was_recorded_does_not_stop_the_replay() -> None:
    exchanges = recorded()
    exchanges[1] = replace(exchanges[1], response=answer(404))
    ran = run(lambda: replay(Replay(tuple(exchanges), {})), lambda _: answer(404, ("Location", "/new/address")))
    assert isinstance(ran.outcome, Done)


def with_login() -> list[Exchange]:
    """Return a conversation that logs in, as a recording has it."""
    first, *rest = recorded()
    challenge = answer(401, ("WWW-Authenticate", 'Bearer realm="http://auth.test/token",service="s"'))
    asked = Request("GET", Origin("http", "auth.test", 80), "/token?service=s")
    login = Headers.of(("Host", "registry.test:5000"), ("Authorization", "Bearer [masked 12345678]"))
    token = answer(200, body=b'{"token":"[masked 12345678]"}')
    logged_in = replace(first.request, headers=login)
    return [
        replace(first, response=challenge),
        Exchange(2, 1, "token", asked, asked, token),
        replace(first, id=3, after=2, request=logged_in, proposed=logged_in),
        *(replace(one, id=one.id + 2, after=one.after + 2) for one in rest),
    ]


def test_logins_are_left_out_and_no_masked_credential_is_sent() -> None:
    sent = again(Replay(tuple(with_login()), {}))
    assert [request.method for request in sent] == ["POST", "PUT", "PUT"]
    assert all(request.headers.get("Authorization") is None for request in sent)


def test_a_401_that_was_the_end_is_sent_again() -> None:
    assert [exchange.status for exchange in without_logins(with_login()[:1])] == [401]


def test_where_the_source_tells_no_answers_an_upload_address_is_guessed_and_that_is_said() -> None:
    exchanges = [
        replace(one, response=None, unknown=("response.status", "response.headers"), basis="inferred")
        for one in recorded()
    ]

    def answers(step: Step) -> Response:
        return answer(202, ("Location", "/v2/t/r/blobs/uploads/77?_state=NEW")) if step.spec == "" else answer(201)

    ran = run(lambda: replay(Replay(tuple(exchanges), {})), answers)
    assert ran.steps[1].request.target == "/v2/t/r/blobs/uploads/77?_state=NEW&digest=sha256:00"
    assert "is a guess" in ran.steps[1].why


def test_a_token_in_a_query_and_a_page_are_those_of_the_new_answer() -> None:
    first = Request("GET", ORIGIN, "/v2/t/r/tags/list?n=1")
    page = Request("GET", ORIGIN, "/v2/t/r/tags/list?n=1&last=old-tag-name")
    exchanges = (
        Exchange(1, 0, "", first, first, answer(200, body=b'{"name":"t/r","tags":["old-tag-name"]}')),
        Exchange(2, 1, "", page, page, answer(200)),
    )
    ran = run(
        lambda: replay(Replay(exchanges, {})), lambda _: answer(200, body=b'{"name":"t/r","tags":["new tag&name"]}')
    )
    assert ran.steps[1].request.target == "/v2/t/r/tags/list?n=1&last=new%20tag%26name"


def test_what_leads_to_the_address_of_the_first_one_is_needed_before_it() -> None:
    assert needed_before(Replay(tuple(recorded()), {}, first=2)) == {1}


def test_a_chain_of_locations_is_needed_from_its_beginning() -> None:
    posted, put, stored = recorded("/v2/t/r/blobs/uploads/4f2a?_state=TWO")
    first = replace(posted, response=answer(202, ("Location", "/v2/t/r/blobs/uploads/4f2a?_state=ONE")))
    request = Request("PATCH", ORIGIN, "/v2/t/r/blobs/uploads/4f2a?_state=ONE", Headers(), b"data")
    sent = Exchange(2, 1, "p", request, request, posted.response)
    chain = (first, sent, replace(put, id=3, after=2), replace(stored, id=4, after=3))
    assert needed_before(Replay(chain, {}, first=3, last=3)) == {1, 2}
    assert needed_before(Replay(chain, {}, first=4)) == frozenset()


def test_nothing_is_needed_of_a_literal_replay_or_of_a_whole_one() -> None:
    assert needed_before(Replay(tuple(recorded()), {}, first=2, literal=True)) == frozenset()
    assert needed_before(Replay(tuple(recorded()), {})) == frozenset()


def test_one_exchange_is_had_again_with_what_it_needs_and_nothing_else() -> None:
    what = Replay(tuple(recorded()), {}, first=2, last=2)
    sent = again(replace(what, needed=needed_before(what)))
    assert [request.target for request in sent] == [
        "/v2/t/r/blobs/uploads/",
        "/v2/t/r/blobs/uploads/77?_state=NEW&digest=sha256:00",
    ]
