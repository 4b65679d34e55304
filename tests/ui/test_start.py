"""The start screen and its forms; the registry here is the built-in one."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from explorer.ui.app import ExplorerApp
from explorer.ui.screens.start import Start
from explorer.ui.screens.stepper import Stepper


@pytest.fixture(autouse=True)
def _records_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sessions").mkdir()
    monkeypatch.chdir(tmp_path)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, and let each have its effect."""
    for key in keys:
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.pause()


async def test_enter_alone_steps_the_sample_into_the_built_in_registry(tmp_path: Path) -> None:
    app = ExplorerApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await press(pilot, *["enter"] * 30)
        assert isinstance(pilot.app.screen, Stepper)
        state = pilot.app.screen.state
        assert state is not None
        assert state.status == 0
        await press(pilot, "q")
    app.finish()
    assert app.left.status == 0
    assert list((tmp_path / "sessions" / "local").glob("*.jsonl"))


async def test_escape_leads_back_to_the_start() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "enter", "escape")
        assert isinstance(pilot.app.screen, Start)


async def test_a_file_that_is_no_recording_is_said(tmp_path: Path) -> None:
    (tmp_path / "odd [b].txt").write_text("hello")
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "down", "down", "enter")
        pilot.app.screen.query_exactly_one("#path", Input).value = str(tmp_path / "odd [b].txt")
        await press(pilot, "enter")
        said = str(pilot.app.screen.query_exactly_one("#wrong", Static).content)
        assert "odd [b].txt" in said


async def test_a_source_that_does_not_exist_is_said() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "down", "enter")
        pilot.app.screen.query_exactly_one("#source", Input).value = "nowhere.tar"
        await press(pilot, "enter")
        assert "nowhere.tar" in str(pilot.app.screen.query_exactly_one("#wrong", Static).content)


async def test_a_recording_is_opened_from_the_start_screen() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "enter", "enter", "escape")
        recording = app.left.recordings[0]
        await press(pilot, "down", "down", "enter")
        pilot.app.screen.query_exactly_one("#path", Input).value = recording
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, Stepper)
        assert pilot.app.screen.state is not None
        assert len(pilot.app.screen.state.exchanges) == 1
