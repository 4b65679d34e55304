"""Choosing what is exported, and files that are private and whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.diagnoses import diagnose
from explorer.errors import FormatError, InputError
from explorer.formats.exporters import Material, Writer
from explorer.formats.exporting import choose, write_private, writer_named, writers
from explorer.formats.session import read_session

SESSION = read_session(Path(__file__).parents[2] / "sessions" / "second-question-mark.jsonl").session
EXCHANGES = SESSION.exchanges


@pytest.mark.parametrize(
    ("only", "ids"),
    [
        ("", list(range(1, 12))),
        ("3", [3]),
        ("3-5", [3, 4, 5]),
        ("10-", [10, 11]),
        ("-2", [1, 2]),
        ("failed", [3]),
        ("edited,11", [3, 11]),
        ("~m PATCH", [2, 6, 9]),
        ("1, 3-4 ,failed", [1, 3, 4]),
    ],
)
def test_exchanges_are_chosen(only: str, ids: list[int]) -> None:
    assert [exchange.id for exchange in choose(EXCHANGES, only)] == ids


@pytest.mark.parametrize("only", ["0", "12", "5-3", "3,,4", "~zz 3", "~s 599"])
def test_a_choice_that_is_none_is_a_sentence(only: str) -> None:
    with pytest.raises(InputError):
        choose(EXCHANGES, only)


@pytest.mark.parametrize("writer", writers(), ids=lambda writer: writer.name)
def test_a_writer_that_tells_findings_says_so(writer: Writer) -> None:
    findings = diagnose(SESSION)
    assert findings
    without, beside = Material(SESSION, EXCHANGES), Material(SESSION, EXCHANGES, findings)
    assert ([*writer.write(without)] != [*writer.write(beside)]) is writer.tells_findings


def test_an_unknown_kind_is_named_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match=r"'pdf'.*curl, har"):
        writer_named("pdf")


def test_a_file_is_private_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    write_private(path, [b"one", b"two"])
    write_private(path, [b"three"])
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"three", 0o600)
    assert [*path.parent.iterdir()] == [path]


def test_nothing_is_left_of_a_file_that_could_not_be_written_whole(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise FormatError("x", "it broke.")

    path = tmp_path / "file"
    write_private(path, [b"before"])
    with pytest.raises(FormatError):
        write_private(path, broken())
    assert path.read_bytes() == b"before"
    assert [*tmp_path.iterdir()] == [path]


def test_a_place_that_cannot_be_written_to_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FormatError, match="cannot be written"):
        write_private(tmp_path / "file" / "below", [b""])


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_private(pipe, [b"one", b"two"])
    assert os.read(reader, 100) == b"onetwo"
    os.close(reader)
    assert pipe.is_fifo()
