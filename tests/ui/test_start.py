"""The start screen and its forms; the registry here is the built-in one."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from explorer.flows.declared import FlowKind
from explorer.practice import PracticeRegistry
from explorer.ui.app import ExplorerApp
from explorer.ui.commands import FlowCommands
from explorer.ui.screens.flow_form import FlowForm, callable_flows
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
        await press(pilot, "down", "down", "down", "enter")
        pilot.app.screen.query_exactly_one("#path", Input).value = str(tmp_path / "odd [b].txt")
        await press(pilot, "enter")
        said = str(pilot.app.screen.query_exactly_one("#wrong", Static).content)
        assert "odd [b].txt" in said


async def test_a_source_that_does_not_exist_is_said() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "down", "down", "enter")
        pilot.app.screen.query_exactly_one("#source", Input).value = "nowhere.tar"
        await press(pilot, "enter")
        assert "nowhere.tar" in str(pilot.app.screen.query_exactly_one("#wrong", Static).content)


async def test_a_recording_is_opened_from_the_start_screen() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "enter", "enter", "escape")
        recording = app.left.recordings[0]
        await press(pilot, "down", "down", "down", "enter")
        pilot.app.screen.query_exactly_one("#path", Input).value = recording
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, Stepper)
        assert pilot.app.screen.state is not None
        assert len(pilot.app.screen.state.exchanges) == 1


async def test_any_conversation_is_begun_from_the_start_screen() -> None:
    with PracticeRegistry() as practice:
        app = ExplorerApp()
        async with app.run_test(size=(100, 40)) as pilot:
            await pilot.pause()
            await press(pilot, "down", "down", "down", "down", "enter")
            offered = pilot.app.screen.query_exactly_one("#flows", OptionList).options
            assert {"api-check", "list-tags"} <= {option.id for option in offered}
            await press(pilot, "enter")
            field = pilot.app.screen.query_exactly_one("#arg-target", Input)
            field.value = f"{practice.origin.authority}/demo/app"
            await press(pilot, "enter", "enter")
            assert isinstance(pilot.app.screen, Stepper)
            assert pilot.app.screen.state is not None
            assert pilot.app.screen.state.exchanges[0].request.target == "/v2/"
            assert pilot.app.screen.state.status == 0
        app.finish()


@pytest.mark.parametrize("kind", callable_flows(), ids=lambda kind: kind.name)
async def test_each_conversation_has_a_form_that_can_be_left(kind: FlowKind) -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.call_flow(kind.name)
        await pilot.pause()
        assert kind.line in str(pilot.app.screen.query_exactly_one("#help", Static).content)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, Start)


async def test_nothing_is_deleted_before_it_is_ticked() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.call_flow("delete-tag")
        await pilot.pause()
        pilot.app.screen.query_exactly_one("#arg-target", Input).value = "localhost:1/demo/app:v1"
        await press(pilot, "f5")
        assert isinstance(pilot.app.screen, FlowForm)


async def test_the_palette_offers_each_conversation() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        hits = [hit async for hit in FlowCommands(app.screen).discover()]
        assert {hit.text for hit in hits} >= {"Run list-tags", "Run referrers"}
