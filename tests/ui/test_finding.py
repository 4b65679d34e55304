"""Finding one's way on the main screen: lines that are pointed at, origins, uses, filters, failures."""

from __future__ import annotations

from textual.pilot import Pilot

from explorer.ui.app import ExplorerApp
from explorer.ui.panes.timeline import Timeline
from explorer.workbench import Workbench
from tests.ui.conftest import MadeUpWire, as_a_registry
from tests.ui.test_stepper import break_the_put, pane, press, seen


def drawn(pilot: Pilot[None], name: str) -> str:
    """Return what a pane draws."""
    return seen(pane(pilot, name))


def timeline(pilot: Pilot[None]) -> str:
    """Return what the timeline draws."""
    return seen(pilot.app.screen.query_exactly_one(Timeline))


async def test_the_exchanges_of_a_blob_stand_under_its_name(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "enter", "enter", "enter")
        lines = timeline(pilot).split("\n")
        assert "layer 1  sha256:" in lines[0]
        assert "layer 2  sha256:" in lines[4]


async def test_the_margin_says_where_a_value_came_from(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter")
        assert "← Location of 1" in drawn(pilot, "request")
        assert "→ 2" not in drawn(pilot, "answer")
        await press(pilot, "enter", "up", "up")
        assert "→ 2" in drawn(pilot, "answer")


async def test_a_line_that_is_pointed_at_is_explained(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "1", "down")
        assert "Location of 1 (inferred)" in pane(pilot, "meaning").text
        await press(pilot, "escape")
        assert "Location of 1 (inferred)" not in pane(pilot, "meaning").text


async def test_t_goes_to_the_origin_and_back_by_its_use(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "enter", "up", "1", "down")
        assert pane(pilot, "request").has_focus
        await press(pilot, "t")
        answer = pane(pilot, "answer")
        assert answer.has_focus
        assert answer.about is not None
        assert (answer.about.exchange, answer.about.name) == (1, "Location")
        await press(pilot, "T")
        request = pane(pilot, "request")
        assert request.about is not None
        assert (request.about.exchange, request.about.part) == (2, "target")


async def test_a_value_without_an_origin_leads_nowhere(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "1", "down", "t")
        assert pane(pilot, "request").has_focus


async def test_a_filter_leaves_what_it_picks(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "enter", "enter", "slash")
        await press(pilot, *"~m", "space", *"PATCH", "enter")
        rows = timeline(pilot)
        assert "PATCH  layer 1: send bytes" in rows
        assert "PUT    layer 1: close" not in rows
        await press(pilot, "slash", "escape")
        assert "PUT    layer 1: close" in timeline(pilot)


async def test_a_filter_that_cannot_be_read_says_so_and_changes_nothing(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "slash", *"~q")
        assert "POST   layer 1: open" in timeline(pilot)
        assert pilot.app.screen.query_exactly_one("#filter").query_exactly_one("Static").display


async def test_the_failure_is_one_key_away(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await break_the_put(pilot)
        await press(pilot, "escape", "exclamation_mark")
        assert "Request 3" in str(pane(pilot, "request").border_title)


async def test_without_a_failure_that_key_leaves_all_as_it_is(bench: Workbench, made_up: MadeUpWire) -> None:
    made_up.answer = as_a_registry
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "exclamation_mark")
        assert "Next request" in str(pane(pilot, "request").border_title)


async def test_the_verdict_and_the_account_are_in_view(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "enter")
        meaning = pane(pilot, "meaning").text
        assert "verdict" in meaning
        assert "s sent 30743" in meaning


async def test_keys_that_come_in_a_burst_each_move_one_further(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "enter", "enter", "enter")
        await pilot.press("home", "down", "down")
        await press(pilot, "1")
        assert "Request 3" in str(pane(pilot, "request").border_title)
        list_of_steps = pilot.app.screen.query_exactly_one(Timeline)
        list_of_steps.focus()
        list_of_steps.action_move(-1)
        list_of_steps.action_move(-1)
        await press(pilot, "1")
        assert "Request 1" in str(pane(pilot, "request").border_title)
