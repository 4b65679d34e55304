"""What is held on its way, edited, and let go."""

from __future__ import annotations

from contextlib import closing

import pytest

from explorer.errors import InputError
from explorer.recorder.pausing import Held, Pauses
from tests.recorder.recording import Recorded, wait_until
from tests.recorder.test_passing import GET, between
from tests.wire.loopback import OK, answering


def held_by(recorded: Recorded) -> Held:
    """Return what is held, as soon as something is."""
    wait_until(lambda: bool(recorded.recorder.pauses.held))
    return recorded.recorder.pauses.held[0]


def test_a_held_request_waits_and_goes_out_as_it_was_edited() -> None:
    with between(answering(OK), pauses=("request ~m GET",)) as there:
        with closing(there.call()) as caller:
            caller.say(GET)
            held = held_by(there.recorded)
            assert there.mapped(GET) == held.head
            edited = b"GET /v2/other HTTP/1.1\r\nHost: x\r\n\r\n"
            held.let_go(edited)
            assert caller.hear_all() == OK
        exchange = there.recorded.only()
        assert there.upstream.received == [edited]
        assert exchange.is_edited
        assert (exchange.proposed.target, exchange.request.target) == ("/v2/", "/v2/other")


def test_a_held_answer_is_told_as_it_was_edited() -> None:
    with between(answering(OK), pauses=("answer ~s 200",)) as there:
        with closing(there.call()) as caller:
            caller.say(GET)
            held_by(there.recorded).let_go(b"HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\n")
            assert caller.hear_all() == b"HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\n{}"
        exchange = there.recorded.only()
        assert exchange.status == 200
        assert exchange.client
        assert exchange.client.received_head.startswith(b"HTTP/1.1 500 Oh")


def test_what_is_let_go_unedited_is_byte_for_byte_what_it_was() -> None:
    with between(answering(OK), pauses=("request",)) as there:
        with closing(there.call()) as caller:
            caller.say(GET)
            held_by(there.recorded).let_go()
            assert caller.hear_all() == OK
        assert there.upstream.received == [there.mapped(GET)]
        assert not there.recorded.only().is_edited


def test_what_does_not_match_is_not_held() -> None:
    texts = ("request ~m PUT", "answer ~s 404")
    with between(answering(OK), pauses=texts) as there, closing(there.call()) as caller:
        caller.say(GET)
        assert caller.hear_all() == OK


def test_faults_that_are_on_leave_pauses_alone() -> None:
    pauses, faults = ("request ~m GET", "answer ~s 200"), ("nginx-413=1M",)
    with between(answering(OK), pauses=pauses, faults=faults) as there, closing(there.call()) as caller:
        caller.say(GET)
        caller.end()
        held = held_by(there.recorded)
        assert (held.side, held.head) == ("request", there.mapped(GET))
        held.let_go(GET.replace(b"/v2/", b"/v2/other"))
        wait_until(lambda: held not in there.recorded.recorder.pauses.held)
        answer = held_by(there.recorded)
        assert (answer.side, answer.head) == ("answer", OK[:-2])
        answer.let_go(b"HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\n")
        assert caller.hear_all() == b"HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\n{}"
        exchange = there.recorded.only()
        assert there.upstream.received == [GET.replace(b"/v2/", b"/v2/other")]
        assert (exchange.proposed.target, exchange.request.target, exchange.status) == ("/v2/", "/v2/other", 200)


def test_stopping_lets_go_of_what_is_held() -> None:
    with between(answering(OK), pauses=("request",)) as there:
        with closing(there.call()) as caller:
            caller.say(GET)
            held_by(there.recorded)
            there.recorded.recorder.stop()
        error = there.recorded.only().error
        assert error
        assert error.kind == "interrupted"


@pytest.mark.parametrize("text", ["", "PUT", "both ~m PUT", "request ~s"])
def test_an_expression_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        Pauses((text,))
