"""The session is exported from the screen, the sequence leads to its exchanges, the palette names every action."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.binding import Binding
from textual.command import DiscoveryHit

from explorer.ui.action_commands import ActionCommands
from explorer.ui.app import ExplorerApp
from explorer.ui.keys import KEYS
from explorer.ui.panes.lines import Lines
from explorer.ui.screens.asking import Ask
from explorer.ui.screens.stepper import Stepper
from explorer.workbench import Workbench
from tests.ui.test_stepper import break_the_put, press


@pytest.mark.parametrize(
    ("key", "typed", "begins"),
    [
        ("E", "har out.har", "{"),
        ("s", "mermaid out.mmd", "sequenceDiagram"),
        ("s", "ladder out.txt", "client"),
        ("s", "svg out.svg", "<svg"),
    ],
)
async def test_the_session_is_exported(
    bench: Workbench, key: str, typed: str, begins: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with ExplorerApp(bench).run_test(size=(100, 30)) as pilot:
        await press(pilot, "enter", *([key] if key == "E" else [key, "E"]))
        assert isinstance(pilot.app.screen, Ask)
        await press(pilot, "ctrl+u", *("space" if sign == " " else sign for sign in typed), "enter")
        path = tmp_path / typed.split()[1]
        assert path.read_text().lstrip().startswith(begins)
        assert path.stat().st_mode & 0o777 == 0o600


async def test_a_kind_that_there_is_not_is_said_and_asked_again(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(100, 30)) as pilot:
        await press(pilot, "enter", "E", "ctrl+u", *"pdf", "space", "x", "enter")
        assert isinstance(pilot.app.screen, Ask)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, Stepper)


async def test_the_sequence_leads_to_the_exchange_that_is_pointed_at(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(100, 30)) as pilot:
        await break_the_put(pilot)
        await press(pilot, "end", "s", "up", "enter")
        screen = pilot.app.screen
        assert isinstance(screen, Stepper)
        assert screen.selected == 2
        await press(pilot, "s")
        about = pilot.app.screen.query_exactly_one("#ladder", Lines).about
        assert about is not None
        assert about.exchange == 2


@pytest.mark.parametrize("width", [60, 80, 200])
async def test_the_sequence_fits_into_its_screen(bench: Workbench, width: int) -> None:
    async with ExplorerApp(bench).run_test(size=(width, 24)) as pilot:
        await press(pilot, "enter", "s")
        pane = pilot.app.screen.query_exactly_one("#ladder", Lines)
        assert all(len(line) < width - 3 for line in pane.text.split("\n"))


async def test_the_palette_names_every_action_of_the_screen_and_of_its_panes(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "1")
        provider = ActionCommands(pilot.app.screen)
        names = [hit.text async for hit in provider.discover() if isinstance(hit, DiscoveryHit)]
        hidden = ("Stop", "Pause", "Undo", "Mend")
        wanted = {binding.description for binding in (*KEYS, *Lines.BINDINGS) if isinstance(binding, Binding)}
        assert [
            name for name in wanted.difference(hidden) if not any(str(text).startswith(name) for text in names)
        ] == []
        assert any("Go on here" in str(name) and "not possible now" in str(name) for name in names)
        assert not any("(" in str(name) and "not possible" not in str(name) for name in names)
