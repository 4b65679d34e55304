"""Text gets out of the program in several ways: by the terminal's clipboard, as a file, as plain text."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from textual.app import App

from explorer.bodies.window import Memory
from explorer.places import write_text
from explorer.ui.app import ExplorerApp
from explorer.ui.panes.footer import KeyLine
from explorer.ui.panes.timeline import Timeline
from explorer.ui.screens.body import BodyScreen
from explorer.ui.suspended import suspended
from explorer.workbench import Workbench
from tests.ui.test_stepper import press

BODY = bytes(range(256)) * 5


async def test_the_rows_of_a_body_that_are_in_view_are_copied() -> None:
    async with ExplorerApp().run_test(size=(100, 12)) as pilot:
        pilot.app.push_screen(BodyScreen("body", Memory(BODY)))
        await press(pilot, "pagedown", "pagedown", "y")
        lines = pilot.app.clipboard.split("\n")
        assert lines[0].startswith("0000000")
        assert lines[0] < lines[-1]


@pytest.mark.parametrize(
    ("keys", "told"),
    [(("s",), "client"), (("d",), "nothing that is wrong"), (("up", "v", "up", "v"), "They differ in")],
    ids=["ladder", "findings", "comparison"],
)
async def test_the_text_of_a_screen_is_copied_and_written(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...], told: str
) -> None:
    (tmp_path / "sessions").mkdir()
    monkeypatch.chdir(tmp_path)
    async with ExplorerApp(bench).run_test(size=(100, 24)) as pilot:
        await press(pilot, "enter", "enter", *keys)
        shown = pilot.app.screen.query_exactly_one(KeyLine).text
        assert "enter " in shown
        assert "y Copy" in shown
        await press(pilot, "y", "Y")
        text = pilot.app.clipboard
        assert told in text
        (path,) = (tmp_path / "sessions" / "local").glob("*.txt")
        assert path.read_text() == text + "\n"


async def test_a_body_is_written_byte_for_byte_and_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sessions").mkdir()
    monkeypatch.chdir(tmp_path)
    async with ExplorerApp().run_test(size=(100, 12)) as pilot:
        pilot.app.push_screen(BodyScreen("body", Memory(BODY)))
        await press(pilot, "Y")
        (path,) = (tmp_path / "sessions" / "local").glob("*.bin")
        assert path.read_bytes() == BODY
        assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_written_twice_in_a_second_is_two_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sessions").mkdir()
    monkeypatch.chdir(tmp_path)
    assert len({write_text("a"), write_text("b"), write_text("c")}) == 3


async def test_the_steps_are_plain_text_with_a_sign_at_the_selected_one(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(80, 24)) as pilot:
        await press(pilot, "enter", "up")
        lines = pilot.app.screen.query_exactly_one(Timeline).text.split("\n")
        assert [line.split()[1:3] for line in lines if line.startswith("▶")] == [["1", "POST"]]
        assert any("planned" in line for line in lines)


async def test_where_the_screen_cannot_be_left_that_is_said_and_signals_are_as_before() -> None:
    app: App[None] = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        before = [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)]
        pilot.app.push_screen(BodyScreen("body", Memory(BODY)))
        await press(pilot, "M")
        with pytest.raises(Exception, match="cannot be left"), suspended(app, breaks=True):
            pass
        assert [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)] == before
        assert pilot.app.is_running
