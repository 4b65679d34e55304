"""What is wrong with a session file is said in words, and what this version does not know stays in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from explorer.errors import FormatError
from explorer.formats.importing import import_bytes
from explorer.formats.session import SessionWriter, session_lines
from explorer.model import FlowCall, Session
from tests.formats.test_session import STEP
from tests.scripted import answer, exchange_of

Lines = list[dict[str, Any]]


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    writer = SessionWriter(tmp_path / "one.jsonl", Session("registry-explorer 0", 1.5, FlowCall("x", {"a": 1})))
    for id in (1, 2):
        writer.append(exchange_of(STEP, answer(202, ("Location", "/u")), None, id, id - 1))
    writer.close()
    return [json.loads(line) for line in (tmp_path / "one.jsonl").read_text().splitlines()]


def written(lines: Lines) -> bytes:
    return "".join(f"{json.dumps(line)}\n" for line in lines).encode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda head: head.pop("version"), "it is a session without a version; this program reads version 1"),
        (lambda head: head.update(version="1"), "it is of version '1'; this program reads version 1"),
        (lambda head: head.update(version=2), "it is of version 2; this program reads version 1"),
        (lambda head: head.update(version=True), "it is of version True; this program reads version 1"),
        (lambda head: head.update(started="now"), r"its first line cannot be read \(a part of it is not of the kind"),
        (lambda head: head.pop("flow"), r"its first line cannot be read \(it lacks 'flow'\)"),
        (lambda head: head.update(flow=[]), r"its first line cannot be read \(a part of it is not of the kind"),
        (lambda head: head.update(format="other"), "this is no session of registry-explorer"),
    ],
)
def test_a_first_line_that_is_wrong_is_a_sentence(
    lines: Lines, change: Callable[[dict[str, Any]], object], words: str
) -> None:
    change(lines[0])
    with pytest.raises(FormatError, match=words):
        import_bytes(written(lines), "a session", "session")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda line: line.pop("request"), "it lacks 'request'"),
        (lambda line: line["request"].update(headers=[["a"]]), "a part of it is not of the kind that it has to be"),
        (lambda line: line["request"].update(target="/\u20ac"), "a character beyond those of one byte"),
        (lambda line: line.update(id=10**400), "it has the id"),
        (lambda line: line.update(request=5), "a part of it is not of the kind that it has to be"),
    ],
)
def test_a_line_that_is_wrong_is_told_in_words(
    lines: Lines, change: Callable[[dict[str, Any]], object], words: str
) -> None:
    change(lines[1])
    imported = import_bytes(written(lines), "a session")
    assert words in " ".join(imported.dropped)
    assert imported.session.exchanges[1].status == 202


def test_what_is_nested_too_deeply_is_told_in_words(lines: Lines) -> None:
    deep = b'{"id": 1, "after": ' + b"[" * 50_000 + b"]" * 50_000 + b"}\n"
    first, second, third = written(lines).splitlines(keepends=True)
    assert second
    assert "nested too deeply" in " ".join(import_bytes(first + deep + third, "a session").dropped)


def test_a_file_that_is_right_has_nothing_to_be_said_of(lines: Lines) -> None:
    imported = import_bytes(written(lines), "a session")
    assert (imported.dropped, imported.remark) == ((), "")


def test_fields_of_a_later_version_stay_wherever_they_stand(lines: Lines) -> None:
    for value in (lines[0], lines[0]["flow"], lines[1], lines[1]["request"], lines[1]["response"], lines[2]["timings"]):
        value["of_tomorrow"] = {"deep": [1, {"é": None}]}
    again = [json.loads(line) for line in session_lines(import_bytes(written(lines), "a session").session)]
    assert again == lines
