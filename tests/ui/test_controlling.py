"""Controlling a conversation from the main screen: runs, breakpoints, suppositions."""

from __future__ import annotations

import threading

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from explorer.model import Request, Response
from explorer.ui.app import ExplorerApp
from explorer.ui.panes.timeline import Timeline
from explorer.workbench import Workbench
from tests.ui.conftest import MadeUpWire, as_a_registry
from tests.ui.test_stepper import pane, press, seen


async def test_a_run_goes_until_what_was_asked_for(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "p", *["backspace"] * 8, *"~m", "space", *"PUT", "enter")
        assert [request.method for request in made_up.asked] == ["POST", "PATCH", "PUT"]


@pytest.mark.parametrize(
    ("breakpoint", "count"),
    [("~s 201", 3), ("~h Location & ~m PATCH", 2), ("before close", 2), ("~m PUT & ~s 2xx", 3)],
)
async def test_a_run_stops_at_a_status_a_header_or_a_step_and_says_so(
    bench: Workbench, breakpoint: str, count: int
) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        keys = ("space" if sign == " " else sign for sign in breakpoint)
        await press(pilot, "p", "ctrl+u", *keys, "enter")
        assert len(bench.state.exchanges) == count
        assert f"stopped after exchange {count}" in said(pilot)


async def test_a_pause_ends_the_run_after_the_exchange_under_way(bench: Workbench, made_up: MadeUpWire) -> None:
    go_on = threading.Event()

    def answer(request: Request) -> Response:
        go_on.wait(60)
        return as_a_registry(request)

    made_up.answer = answer
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await pilot.press("a")
        while not made_up.asked:
            await pilot.pause(0.01)
        await pilot.press("space")
        await pilot.pause()
        go_on.set()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert len(made_up.asked) == 1
        assert "A pause" in said(pilot)


def said(pilot: Pilot[None]) -> str:
    """Return the line below the panes."""
    return str(pilot.app.screen.query_exactly_one("#status").render())


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
