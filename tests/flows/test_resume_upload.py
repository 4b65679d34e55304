"""An upload is gone on with from where the registry is, however it says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from explorer.calls import call_from_words
from explorer.flows import Flow, build, flow_named
from explorer.model import Response
from explorer.stepping import Blocked, Done
from tests.scripted import DATA, Ran, answer, run

HERE = "http://registry.test:5000/v2/t/r/blobs/uploads/4f"
MOVED = ("Location", "/v2/t/r/blobs/uploads/4f?_state=2")


@pytest.fixture
def flow(tmp_path: Path) -> Callable[[], Flow[object]]:
    """Return a flow that resumes an upload of ten bytes."""
    (tmp_path / "blob").write_bytes(DATA)
    words = {"location": HERE, "file": str(tmp_path / "blob")}
    return build(call_from_words(flow_named("resume-upload"), words, plain_http=True))


def ranges(ran: Ran) -> list[str | None]:
    return [step.request.headers.get("Content-Range") for step in ran.steps if step.request.method == "PATCH"]


def resumed(flow: Callable[[], Flow[object]], *answers: Response) -> Ran:
    return run(flow, answers)


def test_the_rest_goes_to_the_location_of_the_status(flow: Callable[[], Flow[object]]) -> None:
    ran = resumed(flow, answer(204, MOVED, ("Range", "0-3")), answer(202, MOVED), answer(201))
    assert isinstance(ran.outcome, Done), ran.outcome
    assert ranges(ran) == ["4-9"]
    assert ran.steps[1].request.target.endswith("?_state=2")


def test_a_status_without_a_location_leaves_the_address_that_was_asked(flow: Callable[[], Flow[object]]) -> None:
    ran = resumed(flow, answer(204, ("Range", "bytes=0-3")), answer(202, MOVED), answer(201))
    assert isinstance(ran.outcome, Done), ran.outcome
    assert ran.lines[1] == "PATCH /v2/t/r/blobs/uploads/4f"


def test_an_upload_that_is_all_there_is_only_closed(flow: Callable[[], Flow[object]]) -> None:
    ran = resumed(flow, answer(204, ("Range", "0-9")), answer(201))
    assert isinstance(ran.outcome, Done), ran.outcome
    assert ran.lines[1].startswith("PUT /v2/t/r/blobs/uploads/4f?digest=")


def test_zero_to_zero_is_tried_as_nothing_and_then_as_one_byte(flow: Callable[[], Flow[object]]) -> None:
    ran = resumed(flow, answer(204, MOVED, ("Range", "0-0")), answer(416), answer(202, MOVED), answer(201))
    assert isinstance(ran.outcome, Done), ran.outcome
    assert ranges(ran) == ["0-9", "1-9"]


def test_a_416_that_says_how_far_it_is_is_gone_on_from(flow: Callable[[], Flow[object]]) -> None:
    refused = answer(416, MOVED, ("Range", "0-3"))
    ran = resumed(flow, answer(204, ("Range", "bytes=0-4")), refused, answer(202, MOVED), answer(201))
    assert isinstance(ran.outcome, Done), ran.outcome
    assert ranges(ran) == ["5-9", "4-9"]


def test_a_416_that_says_that_all_is_there_leads_to_the_close(flow: Callable[[], Flow[object]]) -> None:
    ran = resumed(flow, answer(204, MOVED, ("Range", "0-4")), answer(416, MOVED, ("Range", "0-9")), answer(201))
    assert isinstance(ran.outcome, Done), ran.outcome
    assert [step.request.method for step in ran.steps] == ["GET", "PATCH", "PUT"]
    assert ran.last.target.startswith("/v2/t/r/blobs/uploads/4f?_state=2&digest=")


def test_after_a_416_that_does_not_say_it_is_asked_again_how_far_the_upload_is(
    flow: Callable[[], Flow[object]],
) -> None:
    grown = answer(204, MOVED, ("Range", "0-6"))
    ran = resumed(
        flow, answer(204, MOVED, ("Range", "0-4")), answer(416, body=b""), grown, answer(202, MOVED), answer(201)
    )
    assert isinstance(ran.outcome, Done), ran.outcome
    assert ranges(ran) == ["5-9", "7-9"]


@pytest.mark.parametrize("said", [("Range", "0-4"), ("Range", "0-99"), ("Range", "odd"), ("X", "y")])
def test_a_416_that_leads_nowhere_stops(flow: Callable[[], Flow[object]], said: tuple[str, str]) -> None:
    ran = resumed(flow, answer(204, MOVED, ("Range", "0-4")), answer(416, said), answer(204, MOVED, ("Range", "0-4")))
    assert isinstance(ran.outcome, Blocked)
    assert "416" in ran.outcome.sentence


def test_an_upload_of_more_bytes_than_the_file_has_is_another_s(flow: Callable[[], Flow[object]]) -> None:
    ran = resumed(flow, answer(204, MOVED, ("Range", "0-10")))
    assert isinstance(ran.outcome, Blocked)
    assert "not this blob's" in ran.outcome.sentence


@pytest.mark.parametrize(("status", "may_be_there"), [(404, True), (500, False)])
def test_an_upload_that_went_meanwhile_may_have_been_closed(
    flow: Callable[[], Flow[object]], status: int, may_be_there: bool
) -> None:
    ran = resumed(flow, answer(204, MOVED, ("Range", "0-4")), answer(status))
    assert isinstance(ran.outcome, Blocked)
    assert str(status) in ran.outcome.sentence
    assert ("blob-exists" in ran.outcome.sentence) == may_be_there
