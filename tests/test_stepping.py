"""From what happened to what is next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.errors import Stuck
from explorer.flows import Flow
from explorer.flows.push_blob import Shape, push_blob
from explorer.model import Headers, Step, Unkept
from explorer.stepping import Blocked, Diverged, Done, Walk, next_step, outline, same_request
from tests.scripted import BLOB, ORIGIN, answer, exchange_of, run


def flow() -> Flow[None]:
    return push_blob(ORIGIN, "t/r", BLOB, Shape.STREAM)


RAN = run(flow)


@pytest.mark.parametrize("count", range(3))
def test_a_shorter_history_stands_at_an_earlier_step(count: int) -> None:
    assert next_step(flow, RAN.exchanges[:count]) == RAN.steps[count]


def test_the_whole_history_is_through() -> None:
    assert next_step(flow, RAN.exchanges) == Done(None)


def test_another_attempt_leads_another_way() -> None:
    other = exchange_of(RAN.steps[0], answer(202, ("Location", "/other")))
    step = next_step(flow, [other])
    assert isinstance(step, Step)
    assert step.request.target == "/other"


def test_a_history_of_another_flow_has_diverged_where_it_differs() -> None:
    strange = replace(RAN.exchanges[1], proposed=replace(RAN.exchanges[1].proposed, target="/elsewhere"))
    assert next_step(flow, [RAN.exchanges[0], strange, RAN.exchanges[2]]) == Diverged(1, RAN.steps[1])


def test_what_comes_after_the_end_has_diverged() -> None:
    assert next_step(flow, [*RAN.exchanges, RAN.exchanges[0]]) == Diverged(3, None)


def test_what_comes_after_a_refusal_has_diverged() -> None:
    refused = exchange_of(RAN.steps[0], answer(404))
    assert next_step(flow, [refused, RAN.exchanges[1]]) == Diverged(1, None)


def test_a_refusal_names_its_step() -> None:
    outcome = next_step(flow, [RAN.exchanges[0], exchange_of(RAN.steps[1], answer(416))])
    assert isinstance(outcome, Blocked)
    assert outcome.step == RAN.steps[1]


def test_an_edited_request_belongs_to_its_step_all_the_same() -> None:
    edited = replace(RAN.exchanges[0], request=replace(RAN.exchanges[0].request, target="/v2/other/"))
    assert isinstance(next_step(flow, [edited]), Step)


def test_an_exchange_without_an_answer_blocks() -> None:
    outcome = next_step(flow, [replace(RAN.exchanges[0], response=None)])
    assert isinstance(outcome, Blocked)
    assert "no answer" in outcome.sentence


def test_a_body_that_was_not_kept_is_the_same_by_its_size() -> None:
    request = RAN.steps[1].request
    assert same_request(request, replace(request, body=Unkept(10, "ab")))
    assert not same_request(request, replace(request, body=b"0"))


@pytest.mark.parametrize(
    "change", [{"method": "PUT"}, {"target": "/x"}, {"headers": Headers()}, {"origin": replace(ORIGIN, port=1)}]
)
def test_a_request_that_differs_is_another(change: dict[str, object]) -> None:
    request = RAN.steps[1].request
    assert not same_request(request, replace(request, **change))  # type: ignore[arg-type]


def test_a_flow_that_is_stuck_before_its_first_step_says_so() -> None:
    def stuck() -> Flow[None]:
        raise Stuck("It cannot begin.")
        yield

    with pytest.raises(Stuck, match="cannot begin"):
        Walk(stuck)


def test_a_long_way_is_walked_step_by_step_without_walking_it_anew() -> None:
    fed = 0

    def long() -> Flow[None]:
        nonlocal fed
        for _ in range(2000):
            yield RAN.steps[0]
            fed += 1

    walk = Walk(long)
    for _ in range(2000):
        walk.feed(RAN.exchanges[0])
    assert (fed, walk.outcome) == (2000, Done(None))


def test_an_outline_without_an_end_is_cut() -> None:
    def endless() -> Flow[None]:
        while True:
            yield RAN.steps[0]

    assert len(outline(endless, 50)) == 50


def test_an_outline_of_many_chunks_is_cut() -> None:
    assert len(outline(lambda: push_blob(ORIGIN, "t/r", BLOB, Shape.CHUNKED, 1), 5)) == 5


def test_a_step_that_expects_nothing_is_taken_for_answered_well() -> None:
    def one() -> Flow[None]:
        yield replace(RAN.steps[0], expects=())

    assert outline(one) == (RAN.steps[0].title,)
