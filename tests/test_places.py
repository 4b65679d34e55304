"""Where recordings go."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.places import new_recording, sessions_folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


def test_recordings_go_to_a_sessions_folder_that_is_there(here: Path) -> None:
    (here / "sessions").mkdir()
    assert sessions_folder() == Path("sessions/local")


def test_recordings_go_to_the_users_data_otherwise(here: Path) -> None:
    assert sessions_folder() == here / "data" / "registry-explorer" / "sessions"


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("push-app", "push-app.jsonl"),
        ("a/../../b c:d", "a-..-..-b-c-d.jsonl"),
        ("", "session.jsonl"),
        ("\x1b/é", "session.jsonl"),
        ("x" * 200, "x" * 60 + ".jsonl"),
    ],
)
def test_a_name_is_made_fit_for_a_file(here: Path, name: str, end: str) -> None:
    path = new_recording(name)
    assert path.parent == here / "data" / "registry-explorer" / "sessions"
    assert path.name.split("-", 3)[3] == end


@pytest.mark.usefixtures("here")
def test_a_name_that_is_taken_is_numbered() -> None:
    taken = set()
    for _ in range(3):
        path = new_recording("a")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        taken.add(path)
    assert len(taken) == 3
