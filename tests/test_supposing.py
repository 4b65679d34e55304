"""Answers that nobody gave."""

from __future__ import annotations

import pytest
from hypothesis import given

from explorer.errors import InputError
from explorer.formats.session import read_session
from explorer.model import Headers, Origin, Request, Response, Step
from explorer.standing import next_request
from explorer.stepping import Blocked
from explorer.supposing import answer_of, answer_text
from tests.strategies import responses
from tests.workbenches import Make

GONE = Response(404, "Not Found", "HTTP/1.1")
OPENED = Response(202, "Accepted", "HTTP/1.1", Headers.of(("Location", "/v2/t/r/blobs/uploads/made-up?_state=x")))


def test_a_flow_goes_on_from_an_answer_that_was_supposed(make: Make) -> None:
    bench = make()
    state = bench.it.suppose(OPENED)
    assert bench.wire.requests == []
    assert isinstance(state.outcome, Step)
    assert state.outcome.request.target == "/v2/t/r/blobs/uploads/made-up?_state=x"
    assert state.exchanges[0].basis == "made up"


def test_a_refusal_can_be_supposed(make: Make) -> None:
    assert isinstance(make().it.suppose(GONE).outcome, Blocked)


def test_another_answer_can_be_supposed_for_an_earlier_exchange(make: Make) -> None:
    bench = make()
    bench.after_runs(2)
    state = bench.it.suppose(OPENED, 1)
    assert state.path == (3,)
    assert [exchange.basis for exchange in state.exchanges] == ["observed", "observed", "made up"]
    assert state.pending is not None
    assert "made-up" in state.pending.request.target


def test_what_was_supposed_is_marked_in_the_recording(make: Make) -> None:
    bench = make()
    bench.it.suppose(OPENED)
    bench.it.close()
    assert read_session(bench.path).session.exchanges[0].basis == "made up"


def test_a_push_goes_to_its_end_by_the_answers_that_its_requests_want(make: Make) -> None:
    bench = make()
    while request := next_request(bench.it.state):
        bench.it.suppose(answer_of(answer_text(None, request)))
    assert bench.it.state.status == 0
    assert bench.wire.requests == []


def test_a_wanted_answer_has_the_range_and_the_location_that_fit_the_request() -> None:
    origin = Origin("http", "127.0.0.1", 5000)
    chunk = Request("PATCH", origin, "/v2/t/r/blobs/uploads/4f?_state=q", Headers(), b"abc")
    close = Request("PUT", origin, "/v2/t/r/blobs/uploads/4f?_state=q&digest=sha256%3Aab")
    assert answer_text(None, chunk).split("\n")[:3] == [
        "HTTP/1.1 202 Accepted",
        "Location: /v2/t/r/blobs/uploads/4f?_state=q",
        "Range: 0-2",
    ]
    assert "HTTP/1.1 201 Created\nLocation: /v2/t/r/blobs/sha256:ab\n" in answer_text(None, close)


def test_a_request_that_no_endpoint_knows_is_given_an_answer_to_be_filled_in() -> None:
    request = Request("BREW", Origin("http", "127.0.0.1", 5000), "/coffee")
    assert answer_text(None, request).startswith("HTTP/1.1 202 Accepted\nLocation: \n")


def test_nothing_can_be_supposed_after_the_end(make: Make) -> None:
    bench = make()
    for _ in bench.it.run():
        pass
    with pytest.raises(InputError, match="is through"):
        bench.it.suppose(GONE)


@given(responses)
def test_an_answer_that_is_not_touched_keeps_its_body(response: Response) -> None:
    text = answer_text(response)
    try:
        again = answer_of(text, response)
    except InputError:
        return
    assert again.status == response.status
    assert again.body == response.body or not isinstance(response.body, bytes) or b"\n\n" in text.encode()


@pytest.mark.parametrize("text", ["", "202 Accepted", "HTTP/1.1 20 OK", "HTTP/1.1 202\nLocation", "HTTP/1.1 202\n: x"])
def test_what_is_no_answer_is_a_sentence(text: str) -> None:
    with pytest.raises(InputError, match="Line "):
        answer_of(text)


def test_a_typed_answer_is_read_as_it_stands() -> None:
    response = answer_of('HTTP/1.1 404 Not Found\nX-A:  1\n\n{"errors":[]}\n')
    assert (response.status, response.reason, response.headers.get("X-A")) == (404, "Not Found", "1")
    assert response.body == b'{"errors":[]}\n'


def test_a_body_is_shown_inert_and_its_untouched_lines_keep_their_bytes() -> None:
    before = Response(200, "OK", "HTTP/1.1", Headers(), b"\x1b[2J\n\xff\r\nthird")
    text = answer_text(before)
    assert "\x1b" not in text
    assert answer_of(text, before).body == before.body
    assert answer_of(text.replace("third", "3rd"), before).body == b"\x1b[2J\n\xff\r\n3rd"
