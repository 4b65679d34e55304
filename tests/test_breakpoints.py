"""Where a run stops."""

from __future__ import annotations

import pytest

from explorer.breakpoints import is_surprising, parse_breakpoint
from explorer.errors import InputError
from explorer.model import Exchange, Failure, Headers, Origin, Request, Response
from explorer.stepping import Done
from tests.workbenches import Make, refusing

ORIGIN = Origin("http", "registry.test", 5000)


def exchange(method: str, status: int, *headers: tuple[str, str]) -> Exchange:
    request = Request(method, ORIGIN, "/v2/a/blobs/uploads/" if method == "POST" else "/v2/a/blobs/sha256:1")
    return Exchange(1, 0, "step", request, request, Response(status, "R", "HTTP/1.1", Headers.of(*headers)))


@pytest.mark.parametrize(
    ("text", "count"), [("~m PATCH", 2), ("~m PUT", 3), ("before close", 2), ("before send", 1), ("~s 202", 1)]
)
def test_a_run_stops_where_it_is_told_to(make: Make, text: str, count: int) -> None:
    bench = make()
    for _ in bench.it.run(until=parse_breakpoint(text)):
        pass
    assert len(bench.it.state.exchanges) == count


def test_a_breakpoint_that_is_never_met_lets_the_run_end(make: Make) -> None:
    bench = make()
    for _ in bench.it.run(until=parse_breakpoint("~s 5xx")):
        pass
    assert isinstance(bench.it.state.outcome, Done)


def test_the_first_surprise_stops_a_run(make: Make) -> None:
    bench = make(refusing(2))
    for _ in bench.it.run(until=parse_breakpoint("surprise")):
        pass
    assert len(bench.it.state.exchanges) == 2


def test_a_pause_ends_a_run_after_the_exchange(make: Make) -> None:
    bench = make()
    for _ in bench.it.run():
        bench.it.pause()
    assert len(bench.it.state.exchanges) == 1
    assert bench.it.state.pending is not None


@pytest.mark.parametrize(
    ("one", "is_one"),
    [
        (exchange("HEAD", 404), False),
        (exchange("GET", 404), True),
        (exchange("POST", 401, ("WWW-Authenticate", "Basic realm=x")), False),
        (exchange("POST", 202, ("Location", "/x")), False),
        (exchange("POST", 202), True),
        (exchange("POST", 500), True),
    ],
)
def test_a_surprise_is_what_the_specification_does_not_want_first(one: Exchange, is_one: bool) -> None:
    assert is_surprising(one) is is_one


def test_no_answer_is_a_surprise() -> None:
    request = Request("GET", ORIGIN, "/v2/")
    assert is_surprising(Exchange(1, 0, "s", request, request, error=Failure("closed", "Closed.")))


@pytest.mark.parametrize("text", ["", "before", "~s never"])
def test_what_is_no_breakpoint_is_a_sentence(text: str) -> None:
    with pytest.raises(InputError):
        parse_breakpoint(text)
