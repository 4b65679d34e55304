"""Exchanges as lines: every byte of the heads, nothing that a terminal would obey."""

from __future__ import annotations

import pytest
from hypothesis import given

from explorer.model import (
    ClientSide,
    Connection,
    Exchange,
    Failure,
    Headers,
    Request,
    Response,
    Slice,
    Step,
    Timings,
    Unkept,
)
from explorer.plain.progress import Bar, progress_text
from explorer.plain.running import ending, summary
from explorer.plain.transcript import (
    body_words,
    exchange_lines,
    request_lines,
    step_lines,
    summary_line,
    upcoming_lines,
)
from explorer.state import State
from explorer.stepping import Blocked, Diverged, Done
from explorer.visible import visible
from tests.decoders.test_upload_state import AT_PATCH, UUID
from tests.scripted import ORIGIN, answer, run
from tests.strategies import exchanges
from tests.test_stepping import flow

REQUEST = Request("PUT", ORIGIN, "/u", Headers.of(("Host", "h"), ("Content-Length", "5")), b"12345")
HEAD = b"HTTP/1.1 404 Not Found\r\nX-Odd:1\r\n\r\n"


def exchange(**changes: object) -> Exchange:
    fields: dict[str, object] = {
        "response": Response(404, "Not Found", "HTTP/1.1", body=b'{"a":1}\nline\n'),
        "sent_head": REQUEST.head(),
        "received_head": HEAD,
        "sent_size": 5,
        "timings": Timings(1.0, finished=0.0123),
        "connection": Connection("127.0.0.1:1", "127.0.0.1:5000"),
        "spec": "end-6",
    }
    return Exchange(3, 0, "close", REQUEST, REQUEST, **{**fields, **changes})  # type: ignore[arg-type]  # fields of it


def test_an_exchange_is_told_in_the_manner_of_curl() -> None:
    assert [*exchange_lines(exchange())] == [
        "* 3. close (end-6)",
        "* Connected to 127.0.0.1:5000 (http://registry.test:5000)",
        "> PUT /u HTTP/1.1",
        "> Host: h",
        "> Content-Length: 5",
        "> ",
        "} [5 bytes: in memory]",
        "< HTTP/1.1 404 Not Found",
        "< X-Odd:1",
        "< ",
        '{"a":1}',
        "line",
        "* 404 after 12.3 ms",
        "",
    ]


def test_a_failure_is_told_instead_of_a_status() -> None:
    lines = [*exchange_lines(exchange(response=None, received_head=b"", error=Failure("closed", "It closed.")))]
    assert "* It closed." in lines
    assert not any(line.startswith("<") for line in lines)


def test_a_kept_connection_is_not_told_again() -> None:
    assert not any("Connected" in line for line in exchange_lines(exchange(connection=Connection("", "a:1", True))))


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (Unkept(9, "ab"), "{ [9 bytes, not kept, sha256 ab]"),
        (b"x" * 5000, "{ [the first 4096 of 5000 bytes]"),
    ],
)
def test_a_part_of_a_body_is_told_as_a_part(body: bytes | Unkept, line: str) -> None:
    assert line in [*exchange_lines(exchange(response=Response(200, "OK", "HTTP/1.1", body=body)))]


def test_a_step_says_before_it_is_sent_why_it_is_there_and_what_to_beware_of() -> None:
    step = Step("ask", REQUEST, "token auth", "Beware: the realm is \x1bplain http.", (200,))
    assert [*upcoming_lines(step, REQUEST, 2)][:3] == [
        "* 2. ask (token auth)",
        "* Beware: the realm is ␛plain http. Expects 200.",
        "> PUT /u HTTP/1.1",
    ]


def test_an_address_from_a_file_is_made_visible() -> None:
    side = ClientSide(b"", b"", Connection("", "a\U000e0100\x1b[2J"))
    [line] = [line for line in exchange_lines(exchange(client=side)) if "From the client" in line]
    assert visible(line) == line
    assert "␛[2J" in line


def test_an_upload_state_is_decoded_below_the_answer() -> None:
    moved = answer(202, ("Location", f"/v2/t/r/blobs/uploads/{UUID}?_state={AT_PATCH}"))
    assert any("Name t/r" in line and "Offset 5" in line for line in exchange_lines(exchange(response=moved)))


@given(exchanges())
def test_nothing_that_a_terminal_would_obey_is_told(exchange: Exchange) -> None:
    lines = [*exchange_lines(exchange), summary_line(exchange), *request_lines(exchange.request)]
    assert [line for line in lines if visible(line) != line] == []


@pytest.mark.parametrize("width", [40, 80, 100, 200])
def test_a_summary_fits_its_width(width: int) -> None:
    long = Request("PATCH", ORIGIN, "/v2/" + "x" * 300)
    line = summary_line(Exchange(12, 0, "", long, long, answer(202)), width)
    assert len(line) <= max(width, 60)
    assert line.startswith("  12  PATCH  202")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "none"),
        (b"1", "in memory"),
        (Slice("/f", 512, 1, source="layer in a.tar"), "layer in a.tar, from byte 512 of the file"),
        (Slice("/\x1bf", 0, 1), "/␛f, from byte 0 of the file"),
        (Unkept(1, "ab"), "not kept, sha256 ab"),
    ],
)
def test_a_body_is_told_in_words(body: bytes | Slice | Unkept, words: str) -> None:
    assert body_words(body) == words


def test_a_request_is_shown_with_its_size() -> None:
    assert request_lines(REQUEST)[-1] == "(body: 5 B, in memory)"
    assert request_lines(Request("GET", ORIGIN, "/"))[-1] == "(no body)"


def test_a_step_says_which_answers_will_do() -> None:
    assert step_lines(run(flow).steps[1])[0].endswith("Expects 202 (201, 204, 200 will do).")


def state(outcome: object, *exchanges: Exchange) -> State:
    return State(0, "push app", "", exchanges, (), outcome, ())  # type: ignore[arg-type]  # an outcome


STEP = run(flow).steps[0]


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (Done("sha256:ab"), "Done: push app, sha256:ab."),
        (Blocked("It was \x1brefused.", STEP), "It was ␛refused."),
        (Diverged(2, STEP), "From exchange 3 of its path on, this recording is not what the flow would do here."),
        (STEP, "Left before the end: layer: open upload was next."),
    ],
)
def test_an_ending_is_a_sentence(outcome: object, sentence: str) -> None:
    assert ending(state(outcome)) == sentence


def test_a_failure_is_the_ending_where_it_was_the_last() -> None:
    assert ending(state(STEP, exchange(error=Failure("closed", "It closed.")))) == "It closed."


def test_a_summary_counts_exchanges_and_bytes() -> None:
    assert "1 exchange, 5 B sent, 0.01 s on the wire" in summary(state(Done(""), exchange()))


@pytest.mark.parametrize(
    ("done", "total", "seconds", "part"),
    [
        (0, 100, 0.0, "  0 %"),
        (50, 100, 1.0, " 50 %"),
        (100, 100, 2.0, "100 %"),
        (7, 0, 1.0, "7 B"),
        (200, 100, 1.0, "%"),
    ],
)
def test_a_bar_tells_how_far_it_is(done: int, total: int, seconds: float, part: str) -> None:
    assert part in progress_text(done, total, seconds)


def test_a_bar_is_silent_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar("sending")
    bar(1, 2)
    bar(2, 2)
    bar.clear()
    assert capsys.readouterr() == ("", "")
