"""A file is sound where all of it can be read; what is wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.errors import FormatError
from explorer.formats.session import SessionWriter
from explorer.jobs.checking import check_file
from tests.formats.test_session import SESSION, taken

CAPTURES = Path(__file__).parent / "captures"


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "one.jsonl"
    writer = SessionWriter(path, SESSION)
    for exchange in taken(3):
        writer.append(exchange)
    writer.close()
    return path


def test_a_whole_recording_is_sound(recording: Path) -> None:
    assert check_file(str(recording)).is_sound


def test_a_torn_line_is_not_sound(recording: Path) -> None:
    recording.write_bytes(recording.read_bytes()[:-5])
    checked = check_file(str(recording))
    assert not checked.is_sound
    assert any("cut off" in line for line in checked.lines)


def test_a_line_that_cannot_be_read_is_named(recording: Path) -> None:
    lines = recording.read_bytes().split(b"\n")
    recording.write_bytes(b"\n".join([*lines[:2], b"junk", *lines[3:]]))
    checked = check_file(str(recording))
    assert not checked.is_sound
    assert any("line 3" in line for line in checked.lines)


def test_credentials_in_what_is_opened_are_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "paste.txt"
    path.write_text("curl -u joe:secret http://localhost:5000/v2/\n")
    checked = check_file(str(path))
    assert checked.is_sound
    assert any("credentials" in line for line in checked.lines)
    assert not any("secret" in line for line in checked.lines)


@pytest.mark.parametrize("name", ["push.har", "crane-push.log"])
def test_other_formats_are_checked_too(name: str) -> None:
    assert check_file(str(CAPTURES / name)).is_sound


def test_what_is_no_session_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("nothing")
    with pytest.raises(FormatError):
        check_file(str(tmp_path / "x"))
