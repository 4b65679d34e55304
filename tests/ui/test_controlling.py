"""Controlling a conversation from the main screen: runs, breakpoints, suppositions."""

from __future__ import annotations

from textual.widgets import TextArea

from explorer.ui.app import ExplorerApp
from explorer.ui.panes.timeline import Timeline
from explorer.workbench import Workbench
from tests.ui.conftest import MadeUpWire
from tests.ui.test_stepper import pane, press, seen


async def test_a_run_goes_until_what_was_asked_for(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "p", *["backspace"] * 8, *"~m", "space", *"PUT", "enter")
        assert [request.method for request in made_up.asked] == ["POST", "PATCH", "PUT"]


async def test_a_breakpoint_that_cannot_be_read_is_asked_for_again(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "p", "space", *"~q", "enter")
        assert made_up.asked == []
        await press(pilot, "escape")
        assert pilot.app.screen.query("#timeline")


async def test_a_supposed_answer_leads_on_and_is_marked(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "w")
        pilot.app.screen.query_exactly_one(TextArea).text = "HTTP/1.1 202 Accepted\nLocation: /elsewhere/1"
        await press(pilot, "f5")
        assert made_up.asked == []
        assert "MADE UP" in seen(pilot.app.screen.query_exactly_one(Timeline))
        assert "PATCH /elsewhere/1 HTTP/1.1" in pane(pilot, "request").text
        assert "MADE UP" in str(pane(pilot, "answer").border_title)
        assert "Location: /elsewhere/1" in pane(pilot, "answer").text


async def test_an_answer_that_cannot_be_read_stays_in_the_editor(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "w")
        pilot.app.screen.query_exactly_one(TextArea).text = "nonsense"
        await press(pilot, "f5")
        assert pilot.app.screen.query(TextArea)
        await press(pilot, "escape")
        assert bench.state.exchanges == ()
