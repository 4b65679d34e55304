"""Line mode: questions and answers, over a wire that is made up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from explorer.editing import file_body
from explorer.errors import FormatError, InputError
from explorer.flows.push_image import Push, call_of, push_image
from explorer.formats.session import SessionWriter
from explorer.model import Failure, Headers, Image, Origin, Request, Response, Session, Slice
from explorer.plain.editing import apply_edit
from explorer.plain.prompts import WELCOME, Prompts
from explorer.spec.references import parse_target
from explorer.workbench import Workbench
from tests.scripted import BLOB, ScriptedWire, answer, as_a_registry, manifest_of

PUSH = Push(parse_target("localhost:5000/t/r:v1"), Image("app", (BLOB,), (manifest_of(b"{}"),)))
REQUEST = Request("PUT", PUSH.target.origin, "/u?_state=x&digest=d", Headers.of(("Host", "h"), ("A", "b")), b"12345")


@dataclass
class Told:
    """What a session of line mode said, its status, and its workbench."""

    said: str
    status: int
    bench: Workbench


Typed = Callable[..., Told]


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    """Return what types lines into line mode and returns what was told."""

    def typed(*lines: str, answers: Callable[[Request], Response | Failure] = as_a_registry) -> Told:
        said: list[str] = []
        left: Iterable[str] = iter(lines)

        def ask(prompt: str) -> str:
            said.append(prompt)
            line = next(iter(left), None)
            if line is None:
                raise EOFError
            return line

        bench = Workbench(
            "push app",
            Session("test", 1.0, call_of(PUSH)),
            lambda: push_image(PUSH),
            ScriptedWire(answers),
            lambda session: SessionWriter(tmp_path / "one.jsonl", session),
        )
        status = Prompts(bench, said.append, ask).run()
        return Told("\n".join(said), status, bench)

    return typed


def test_what_to_type_is_told_first(typed: Typed) -> None:
    assert typed().said.startswith(WELCOME)


def test_enter_alone_leads_to_the_end(typed: Typed) -> None:
    told = typed("", "", "", "")
    assert (told.status, len(told.bench.state.exchanges)) == (0, 4)
    assert "Done: push app" in told.said


@pytest.mark.parametrize("word", ["1", "send"])
def test_a_choice_is_its_number_or_its_word(typed: Typed, word: str) -> None:
    assert len(typed(word).bench.state.exchanges) == 1


def test_a_step_is_shown_as_it_will_go_out(typed: Typed) -> None:
    said = typed("0").said
    assert "Step 1 of 4: layer: open upload (end-4a)" in said
    assert "POST /v2/t/r/blobs/uploads/ HTTP/1.1" in said
    assert "Expects 202." in said


def test_a_run_goes_to_the_end(typed: Typed) -> None:
    assert typed("4").status == 0


def test_leaving_before_the_end_says_what_was_next(typed: Typed) -> None:
    told = typed("1", "quit")
    assert told.status == 130
    assert "Left before the end: layer: send bytes was next." in told.said


def test_an_edit_is_sent_and_both_attempts_can_be_listed(typed: Typed) -> None:
    told = typed("", "", "2", "1 PUT /u?_state=1?digest=d HTTP/1.1", "", "1", "", "8")
    assert "(edited; undo drops the edits)" in told.said
    assert "BLOB_UPLOAD_INVALID" in told.said
    assert [one.status for one in told.bench.state.exchanges] == [202, 202, 404, 201]
    assert "PUT layer: close: 404, refused, edited" in told.said


def test_edits_can_be_dropped(typed: Typed) -> None:
    told = typed("2", "+ X: y", "", "3", "1")
    assert not told.bench.state.exchanges[0].is_edited


def test_a_wrong_edit_is_a_sentence_and_asks_again(typed: Typed) -> None:
    told = typed("2", "99 x", "1 nonsense", "what", "+ X: y", "", "1")
    assert "There is no line 99; the head has 4." in told.said
    assert told.bench.state.exchanges[0].request.headers.get("X") == "y"


def test_an_exchange_can_be_sent_again_changed_and_gone_on_from(typed: Typed) -> None:
    told = typed("", "", "5 1", "6 1", "+ X: y", "", "1", "9 2", "7 3")
    assert [one.is_edited for one in told.bench.state.exchanges] == [False, False, False, True]
    assert told.bench.state.path == (1, 2)
    assert "Exchange 3: layer: open upload" in told.said


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("5 x", "'x' is no number"),
        ("5", "Nothing was sent yet"),
        ("7 9", "There is no exchange 9"),
        ("dance", "'dance' is none of the commands"),
        ("7 " + "9" * 5000, "is no number"),
        ("\x1b[31m", "␛[31m"),
    ],
)
def test_a_choice_that_cannot_be_is_a_sentence(typed: Typed, line: str, words: str) -> None:
    told = typed(line)
    assert words in told.said
    assert "\x1b" not in told.said


def test_a_failure_of_the_network_is_told_and_the_step_stays(typed: Typed) -> None:
    told = typed("1", answers=lambda _: Failure("unreachable", "Nothing listens there."))
    assert (told.status, "Nothing listens there." in told.said) == (3, True)


def test_after_the_end_only_earlier_requests_can_be_edited(typed: Typed) -> None:
    assert "change N edits an exchange" in typed("4", "2").said


def test_hostile_answers_are_shown_and_not_obeyed(typed: Typed) -> None:
    evil = answer(404, ("X", "\x1b]0;title\x07"), body=b'{"errors":[{"code":"\\u001b[2J","message":"\\u202eevil"}]}')
    said = typed("1", "7 1", "8", answers=lambda _: replace(evil, reason="\x9b31m")).said
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(said)


@pytest.mark.parametrize(
    ("line", "change"),
    [
        ("1 GET /x HTTP/1.1", {"method": "GET", "target": "/x"}),
        ("3 A: c", {"headers": Headers.of(("Host", "h"), ("A", "c"))}),
        ("- 2", {"headers": Headers.of(("A", "b"))}),
        ("+ X: y", {"headers": Headers.of(("Host", "h"), ("A", "b"), ("X", "y"))}),
        ("to https://other.test", {"origin": Origin("https", "other.test", 443)}),
        ("body é", {"body": "é".encode()}),
        ("body ", {"body": b""}),
        ("body", {"body": b""}),
    ],
)
def test_a_line_of_editing_changes_one_thing(line: str, change: dict[str, object]) -> None:
    assert apply_edit(REQUEST, line) == replace(REQUEST, **change)  # type: ignore[arg-type]  # one field or another


@pytest.mark.parametrize("line", ["0 x", "4 x", "- 9", "- x", "to nowhere", "+ nocolon", "x", "²  x", "1 GET"])
def test_a_line_of_editing_that_cannot_be_is_a_sentence(line: str) -> None:
    with pytest.raises(InputError, match=r"\.$"):
        apply_edit(REQUEST, line)


def test_a_body_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"123")
    edited = apply_edit(REQUEST, f"body @{tmp_path}/b")
    assert edited.body == Slice(f"{tmp_path}/b", 0, 3, source="b")


def test_a_body_can_be_a_part_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"12345")
    edited = apply_edit(REQUEST, f"body @{tmp_path}/b@1+3")
    assert edited.body == Slice(f"{tmp_path}/b", 1, 3, source="b")


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("body @1=ff00", b"1\xff\x0045"),
        ("body hex 1f 8b", b"\x1f\x8b"),
        ("body hexadecimal", b"hexadecimal"),
    ],
)
def test_a_body_can_be_hex_or_have_bytes_changed(line: str, body: bytes) -> None:
    assert apply_edit(REQUEST, line).body == body


@pytest.mark.parametrize("name", ["gone", "", "a\0b"])
def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(FormatError):
        file_body(f"{tmp_path}/{name}")
