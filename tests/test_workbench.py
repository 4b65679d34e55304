"""A session being worked on, over a wire that is made up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.errors import InputError
from explorer.formats.session import read_session
from explorer.model import Failure, Request, Response, Step, Unkept
from explorer.state import Draft
from explorer.stepping import Blocked, Done
from tests.scripted import answer, as_a_registry, with_second_question_mark
from tests.workbenches import CLOSED, PUSH, Make, refusing


def test_a_push_is_stepped_to_its_end(make: Make) -> None:
    state = make().after_runs(4)
    assert (state.path, state.status, state.pending) == ((1, 2, 3, 4), 0, None)
    assert state.outcome == Done(PUSH.image.root.digest)


def test_a_run_takes_every_step(make: Make) -> None:
    bench = make()
    assert [len(state.exchanges) for state in bench.it.run()] == [1, 2, 3, 4]
    assert bench.it.state.outline == tuple(exchange.title for exchange in bench.it.state.exchanges)


def test_after_the_end_there_is_nothing_to_send(make: Make) -> None:
    bench = make()
    bench.after_runs(4)
    with pytest.raises(InputError, match="through"):
        bench.it.send()


def test_what_is_planned_follows_the_pending_step(make: Make) -> None:
    state = make().after_runs(1)
    assert [*state.planned] == [*state.outline[2:]]


def test_a_refused_step_stays_pending_and_the_mended_one_goes_on(make: Make) -> None:
    bench = make()
    state = bench.after_runs(2)
    assert state.pending
    bench.it.edit(with_second_question_mark(state.pending.request))
    refused = bench.it.send()
    assert (refused.status, refused.path, refused.draft) == (1, (1, 2), None)
    assert isinstance(refused.outcome, Blocked)
    mended = bench.it.send()
    assert (mended.path, [one.status for one in mended.exchanges]) == ((1, 2, 4), [202, 202, 404, 201])
    assert [one.after for one in mended.exchanges] == [0, 1, 2, 2]


def test_both_attempts_are_in_the_recording(make: Make) -> None:
    bench = make(refusing(1))
    bench.after_runs(2)
    bench.it.close()
    assert read_session(bench.path).session == bench.it.session
    assert [one.status for one in bench.it.session.exchanges] == [404, 202]


def test_an_edited_exchange_keeps_what_was_proposed(make: Make) -> None:
    bench = make()
    proposed = bench.it.state.pending.request  # type: ignore[union-attr]  # it stands at a step
    bench.it.edit(replace(proposed, method="PUT"))
    exchange = bench.it.send().exchanges[0]
    assert (exchange.proposed, exchange.request.method, exchange.is_edited) == (proposed, "PUT", True)


def test_a_network_failure_leaves_the_step_pending_and_keeps_the_draft(make: Make) -> None:
    bench = make(refusing(2, instead=CLOSED))
    pending = bench.after_runs(1).pending
    assert pending
    edited = replace(pending.request, target="/edited")
    bench.it.edit(edited)
    state = bench.it.send()
    assert (state.pending, state.draft, state.path, state.status) == (pending, Draft(edited), (1,), 3)
    assert bench.it.send().path == (1, 3)


def test_a_stopped_exchange_is_not_told_as_no_connection(make: Make) -> None:
    assert make(refusing(1, instead=Failure("stopped", "Stopped."))).after_runs(1).status == 130


def test_a_replayed_earlier_exchange_forks_the_path(make: Make) -> None:
    bench = make()
    bench.after_runs(4)
    state = bench.it.replay(1)
    assert (state.path, state.exchanges[-1].after) == ((5,), 0)
    assert isinstance(state.outcome, Step)
    assert bench.it.send().path == (5, 6)


def test_a_refused_replay_of_an_earlier_exchange_leaves_the_path(make: Make) -> None:
    bench = make(refusing(3))
    before = bench.after_runs(2)
    state = bench.it.replay(1)
    assert (state.path, state.outcome, len(state.exchanges)) == ((1, 2), before.outcome, 3)


def test_a_failed_replay_of_an_earlier_exchange_leaves_the_path(make: Make) -> None:
    bench = make(refusing(3, instead=CLOSED))
    bench.after_runs(2)
    assert bench.it.replay(1).path == (1, 2)


def test_a_replay_sends_the_request_as_it_was_sent(make: Make) -> None:
    bench = make(refusing(1))
    bench.it.edit(replace(bench.it.state.pending.request, target="/edited"))  # type: ignore[union-attr]
    bench.it.send()
    bench.it.replay(1)
    assert [request.target for request in bench.wire.requests] == ["/edited", "/edited"]


def test_an_edited_attempt_of_an_earlier_exchange_forks_the_path(make: Make) -> None:
    bench = make()
    state = bench.after_runs(3)
    bench.it.edit(replace(state.exchanges[1].request, body=b"other"), attempt_of=2)
    state = bench.it.send()
    assert (state.path, state.exchanges[-1].proposed) == ((1, 4), state.exchanges[1].proposed)


def test_what_is_not_there_cannot_be_replayed(make: Make) -> None:
    bench = make()
    for wrong in (bench.it.replay, bench.it.stand_after, lambda id: bench.it.edit(PUSH_REQUEST, id)):
        with pytest.raises(InputError, match="no exchange 7"):
            wrong(7)


PUSH_REQUEST = Request("GET", PUSH.target.origin, "/")


def test_a_draft_that_is_what_the_flow_wants_is_none(make: Make) -> None:
    bench = make()
    pending = bench.it.state.pending
    assert pending
    bench.it.edit(PUSH_REQUEST)
    assert bench.it.edit(pending.request).draft is None


def test_a_dropped_draft_is_not_sent(make: Make) -> None:
    bench = make()
    bench.it.edit(PUSH_REQUEST)
    bench.it.drop_draft()
    assert not bench.it.send().exchanges[0].is_edited


def test_a_draft_outlives_a_replay_that_changes_nothing(make: Make) -> None:
    bench = make(refusing(3))
    bench.after_runs(2)
    bench.it.edit(PUSH_REQUEST)
    assert bench.it.replay(1).draft == Draft(PUSH_REQUEST)


def test_a_draft_of_one_step_is_not_sent_for_another(make: Make) -> None:
    bench = make()
    bench.after_runs(2)
    bench.it.edit(PUSH_REQUEST)
    assert bench.it.stand_after(1).draft is None


def test_standing_after_an_earlier_exchange_goes_on_from_there(make: Make) -> None:
    bench = make()
    bench.after_runs(4)
    assert bench.it.stand_after(2).path == (1, 2)
    assert bench.it.send().path == (1, 2, 5)


def test_standing_after_a_refusal_stands_at_the_refused_step(make: Make) -> None:
    bench = make(refusing(2))
    bench.after_runs(4)
    state = bench.it.stand_after(2)
    assert (state.path, isinstance(state.outcome, Blocked)) == ((1,), True)


def test_standing_after_a_failure_stands_before_it(make: Make) -> None:
    bench = make(refusing(2, instead=CLOSED))
    bench.after_runs(3)
    assert bench.it.stand_after(2).path == (1,)


@pytest.mark.parametrize(("instead", "status"), [(answer(500), 1), (CLOSED, 3)])
def test_a_run_stops_where_it_cannot_go_on(make: Make, instead: Response | Failure, status: int) -> None:
    bench = make(refusing(2, instead=instead))
    assert (len([*bench.it.run()]), bench.it.state.status) == (2, status)


def test_a_run_tries_the_refused_step_once_more(make: Make) -> None:
    bench = make(refusing(2, 3))
    assert [len([*bench.it.run()]) for _ in range(3)] == [2, 1, 3]


def test_a_stop_between_two_steps_ends_a_run(make: Make) -> None:
    bench = make()
    for state in bench.it.run():
        if len(state.exchanges) == 2:
            bench.it.stop()
    assert (bench.it.state.path, bench.wire.stops) == ((1, 2), 1)


def test_a_body_that_was_not_kept_is_a_sentence_and_leaves_all_as_it_was(make: Make) -> None:
    def refuse(request: Request) -> Response:
        if isinstance(request.body, Unkept):
            raise InputError("It was not kept.")
        return as_a_registry(request)

    bench = make(refuse)
    bench.it.edit(replace(PUSH_REQUEST, body=Unkept(1, "")))
    with pytest.raises(InputError, match="not kept"):
        bench.it.send()
    assert (bench.it.state.exchanges, bench.it.state.draft is not None) == ((), True)


def test_a_stop_reaches_the_wire_and_a_close_closes_it(make: Make) -> None:
    bench = make()
    bench.it.stop()
    bench.it.close()
    assert (bench.wire.stops, bench.wire.is_closed) == (1, True)
