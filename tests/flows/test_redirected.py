"""Each redirect is a step of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from explorer.flows import Flow
from explorer.flows.redirected import redirected
from explorer.model import Exchange, Headers, Origin, Request, Step
from explorer.stepping import Blocked, Done
from tests.scripted import ORIGIN, Ran, answer, run

HEADERS = Headers.of(
    ("Host", "registry.test:5000"),
    ("Authorization", "Bearer secret"),
    ("Cookie", "a=secret"),
    ("Content-Type", "application/octet-stream"),
    ("Content-Range", "0-2"),
    ("Content-Length", "3"),
    ("X-Mine", "kept"),
)
FIRST = Step("send", Request("PATCH", ORIGIN, "/u?s=1", HEADERS, b"abc"), spec="end-5", expects=(202,))


def flow() -> Flow[int]:
    def one() -> Flow[int]:
        exchange = yield FIRST
        return exchange.status

    return redirected(one())


def hop(status: int, location: str) -> Ran:
    return run(flow, [answer(status, ("Location", location)), answer(202)])


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_keeps_method_body_and_headers(status: int) -> None:
    ran = hop(status, "/v?s=2")
    assert ran.last == Request("PATCH", ORIGIN, "/v?s=2", HEADERS, b"abc")
    assert ran.outcome == Done(202)


def test_a_303_becomes_a_get_without_the_body_and_its_headers() -> None:
    assert hop(303, "/v").last == Request("GET", ORIGIN, "/v", HEADERS.without(*[h.name for h in HEADERS.rows[3:6]]))


@pytest.mark.parametrize("location", ["http://store.test/v", "https://registry.test:5000/v", "http://registry.test/v"])
def test_another_origin_gets_no_credentials_and_its_own_host(location: str) -> None:
    headers = hop(307, location).last.headers
    assert (headers.get("Authorization"), headers.get("Cookie"), headers.get("X-Mine")) == (None, None, "kept")
    assert location.split("/")[2] == headers.get("Host")


def test_the_same_origin_keeps_its_credentials() -> None:
    assert hop(307, "http://REGISTRY.test:5000/v").last.headers.get("Authorization") == "Bearer secret"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_hop_is_a_step_that_names_the_redirect(status: int) -> None:
    step = hop(status, "/v").steps[1]
    assert (step.title, step.spec, step.expects) == ("send (redirected)", "end-5", (202,))
    assert str(status) in step.why


def test_a_second_hop_goes_on_from_the_first() -> None:
    script = [answer(307, ("Location", "http://a.test/x/")), answer(308, ("Location", "y")), answer(202)]
    ran = run(flow, script)
    assert [step.request.url for step in ran.steps[1:]] == ["http://a.test/x/", "http://a.test/x/y"]


def test_a_hop_back_brings_no_credentials_along() -> None:
    script = [answer(307, ("Location", "http://a.test/")), answer(307, ("Location", f"{ORIGIN}/u"))]
    assert run(flow, script).last.headers.get("Authorization") is None


def test_a_circle_of_redirects_ends() -> None:
    ran = run(flow, lambda _: answer(307, ("Location", "/u?s=1")))
    assert isinstance(ran.outcome, Blocked)
    assert (len(ran.steps), "in circles" in ran.outcome.sentence) == (11, True)


def test_a_redirect_to_nowhere_blocks_the_step() -> None:
    ran = run(flow, [answer(307)])
    assert isinstance(ran.outcome, Blocked)
    assert "no Location" in ran.outcome.sentence


def test_a_flow_of_several_steps_is_redirected_in_each() -> None:
    def two() -> Flow[None]:
        yield FIRST
        yield FIRST

    script = [answer(307, ("Location", "/a")), answer(202), answer(307, ("Location", "/b")), answer(202)]
    assert run(lambda: redirected(two()), script).lines == [
        "PATCH /u?s=1",
        "PATCH /a",
        "PATCH /u?s=1",
        "PATCH /b",
    ]


def test_a_flow_without_a_step_is_through_at_once() -> None:
    def none() -> Iterator[Step]:
        return
        yield

    def nothing() -> Flow[str]:
        yield from none()
        return "nothing"

    assert run(lambda: redirected(nothing())).outcome == Done("nothing")


def test_an_exchange_that_is_given_is_the_last_hops() -> None:
    seen: list[Exchange] = []

    def one() -> Flow[None]:
        seen.append((yield FIRST))

    run(lambda: redirected(one()), [answer(307, ("Location", "http://store.test/v")), answer(202)])
    assert seen[0].request.origin == Origin("http", "store.test", 80)
