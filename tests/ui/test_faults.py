"""Faults are switched on the screen while a push into the built-in registry is stepped."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from explorer.faults import faults
from explorer.ui.app import ExplorerApp
from explorer.ui.fault_commands import FaultCommands
from explorer.ui.screens.faults import FaultsScreen
from explorer.ui.screens.stepper import Stepper
from explorer.ui.screens.working import WorkingScreen
from explorer.workbench import Workbench


@pytest.fixture(autouse=True)
def _records_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sessions").mkdir()
    monkeypatch.chdir(tmp_path)


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.pause()


async def shown(pilot: Pilot[None]) -> FaultsScreen:
    """Begin the sample and show the faults."""
    await pilot.pause()
    await press(pilot, "enter")
    assert isinstance(pilot.app.screen, WorkingScreen)
    assert pilot.app.screen.has_faults()
    pilot.app.screen.show_faults()
    await pilot.pause()
    assert isinstance(pilot.app.screen, FaultsScreen)
    return pilot.app.screen


async def test_all_are_listed() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot)
        assert screen.query_exactly_one("#list", OptionList).option_count == len(faults())
    app.finish()


async def test_a_fault_that_is_switched_on_meets_the_next_request_and_is_gone_when_it_is_off() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot)
        await press(pilot, *"bad-g", "enter")
        assert [one.text for one in screen._faults.on] == ["bad-gateway"]
        await press(pilot, "escape", "enter")
        assert isinstance(pilot.app.screen, Stepper)
        assert pilot.app.screen.state is not None
        assert pilot.app.screen.state.exchanges[-1].status == 502
        pilot.app.screen.show_faults()
        await pilot.pause()
        await press(pilot, *"bad-g", "enter", "escape", "enter", "enter")
        assert isinstance(pilot.app.screen, Stepper)
        assert pilot.app.screen.state.exchanges[-1].status == 202
    app.finish()


async def test_an_argument_can_be_typed() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await shown(pilot)
        screen.query_exactly_one("#filter", Input).value = "nginx-413=10M"
        await press(pilot, "enter")
        assert [one.text for one in screen._faults.on] == ["nginx-413=10M"]
    app.finish()


async def test_a_wrong_name_or_argument_is_said() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await shown(pilot)
        for typed, said in (("nginx-413=[b]x", "is no size"), ("bad-gatway", "Did you mean bad-gateway")):
            screen.query_exactly_one("#filter", Input).value = typed
            await press(pilot, "enter")
            assert said in str(screen.query_exactly_one("#wrong", Static).content)
    app.finish()


async def test_enter_in_the_list_switches() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await shown(pilot)
        await press(pilot, "down", "down", "enter")
        assert [one.kind.name for one in screen._faults.on] == [list(faults())[1]]
        assert str(screen.query_exactly_one("#help", Static).content)
        await press(pilot, "enter")
        assert screen._faults.on == ()
    app.finish()


async def test_the_palette_offers_them_beside_the_built_in_registry_only(bench: Workbench) -> None:
    app = ExplorerApp(bench)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        commands = FaultCommands(pilot.app.screen)
        assert [hit async for hit in commands.discover()] == []
        assert [hit async for hit in commands.search("faults")] == []


async def test_the_palette_leads_to_them() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await press(pilot, "enter")
        hits = [hit async for hit in FaultCommands(pilot.app.screen).search("faults")]
        assert len(hits) == 1
        hits[0].command()
        await pilot.pause()
        assert isinstance(pilot.app.screen, FaultsScreen)
    app.finish()
