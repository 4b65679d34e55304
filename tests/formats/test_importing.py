"""One door for every format: recognised by content, or named; what is none is a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from explorer.errors import FormatError, InputError
from explorer.formats.importing import import_bytes, import_file, kinds, readers
from explorer.formats.session import SessionWriter
from explorer.model import FlowCall, Session
from tests.formats.test_session import STEP
from tests.scripted import answer, exchange_of

EMPTY = Session("registry-explorer 0", 0.0, FlowCall(""))


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "one.jsonl"
    writer = SessionWriter(path, EMPTY)
    writer.append(exchange_of(STEP, answer(202, ("Location", "/u")), None, 1, 0))
    writer.close()
    return path


def test_a_session_is_recognised_by_its_content(recording: Path) -> None:
    imported = import_file(recording.rename(recording.with_suffix(".txt")))
    assert imported.format == "session"
    assert [exchange.status for exchange in imported.session.exchanges] == [202]
    assert imported.report() == ("understood: 1 exchanges",)


def test_bytes_are_read_as_a_file_is(recording: Path) -> None:
    imported = import_bytes(recording.read_bytes(), "a paste")
    assert imported.session == import_file(recording).session


def test_a_pipe_is_read_to_its_end(recording: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, recording.read_bytes())
    os.close(writing)
    assert len(import_file(f"/dev/fd/{reading}").session.exchanges) == 1
    os.close(reading)


def test_a_format_can_be_named(recording: Path) -> None:
    assert import_file(recording, "session").format == "session"


def test_a_format_that_is_not_there_is_a_sentence(recording: Path) -> None:
    with pytest.raises(InputError, match="no format 'nonsense' to read; there are"):
        import_file(recording, "nonsense")


@pytest.mark.parametrize(
    ("data", "words"), [(b"", "empty"), (b" \n\n", "empty"), (b"\x00\x01\x02", "none of the formats")]
)
def test_what_is_no_session_is_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        import_bytes(data, "x")


@pytest.mark.parametrize(("path", "words"), [("/dev/null", "device"), ("/", "folder"), ("/gone\x00", "cannot be read")])
def test_what_cannot_be_read_is_a_sentence(path: str, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        import_file(path)


def test_the_formats_have_names_of_their_own() -> None:
    assert len(set(kinds())) == len(readers()) > 0
