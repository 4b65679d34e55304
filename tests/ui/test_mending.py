"""Findings on the screen: where they are seen, and how they are mended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.jobs import PushJob, open_push
from explorer.ui.app import ExplorerApp
from explorer.ui.panes.lines import Lines
from explorer.ui.panes.timeline import Timeline
from explorer.workbench import Workbench
from tests.ui.test_stepper import break_the_put, pane, press, seen


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Workbench]:
    """Return a push of the sample into the built-in registry."""
    bench = open_push(PushJob(recording=str(tmp_path / "push.jsonl")))
    yield bench
    bench.close()


async def test_a_finding_stands_on_the_timeline_at_the_place_and_in_the_meaning(real: Workbench) -> None:
    async with ExplorerApp(real).run_test(size=(120, 40)) as pilot:
        await break_the_put(pilot)
        await press(pilot, "escape", "exclamation_mark")
        assert "second-question-mark" in seen(pane(pilot, "request"))
        meaning = pane(pilot, "meaning").text
        assert "second-question-mark" in meaning
        assert "proof" in meaning


async def test_one_key_mends_and_says_that_it_helped(real: Workbench) -> None:
    async with ExplorerApp(real).run_test(size=(120, 40)) as pilot:
        await break_the_put(pilot)
        await press(pilot, "m")
        difference = pilot.app.screen.query_exactly_one("#mend-difference", Lines).text
        assert "target" in difference
        await press(pilot, "enter")
        assert real.state.exchanges[-1].status == 201
        assert "The mend helped" in str(pilot.app.screen.query_exactly_one("#status").render())


async def test_what_was_mended_is_not_mended_again_unless_it_is_selected(real: Workbench) -> None:
    async with ExplorerApp(real).run_test(size=(120, 40)) as pilot:
        await break_the_put(pilot)
        await press(pilot, "m", "enter", "m")
        assert not pilot.app.screen.query("#mend-difference")
        await press(pilot, "exclamation_mark", "m")
        assert pilot.app.screen.query("#mend-difference")


async def test_what_would_fail_is_said_before_it_is_sent(real: Workbench) -> None:
    async with ExplorerApp(real).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "enter")
        step = real.state.pending
        assert step is not None
        target = step.request.target.replace("&digest=", "?digest=")
        broken = type(step.request)("PUT", step.request.origin, target, step.request.headers)
        pilot.app.screen.state = real.edit(broken)  # type: ignore[attr-defined]  # the screen's own reactive
        await press(pilot, "home", "end")
        assert "before it is sent" in pane(pilot, "meaning").text
        assert "second-question-mark" in seen(pane(pilot, "request"))
        await press(pilot, "m", "k")
        assert real.state.draft is None  # mended, it is what the flow wants to send


async def test_all_findings_are_listed_and_lead_to_their_exchange(real: Workbench) -> None:
    async with ExplorerApp(real).run_test(size=(120, 40)) as pilot:
        await break_the_put(pilot)
        await press(pilot, "escape", "d")
        assert "Findings: 1" in str(pilot.app.screen.query_exactly_one("#findings", Lines).border_title)
        assert "proof" in pilot.app.screen.query_exactly_one("#finding", Lines).text
        await press(pilot, "enter")
        assert "Request 3" in str(pane(pilot, "request").border_title)


async def test_a_push_without_a_fault_has_no_findings(real: Workbench) -> None:
    async with ExplorerApp(real).run_test(size=(120, 40)) as pilot:
        await press(pilot, "a", "d")
        assert "Findings: 0" in str(pilot.app.screen.query_exactly_one("#findings", Lines).border_title)
        await press(pilot, "escape")
        assert pilot.app.screen.query(Timeline)


async def test_without_a_finding_the_key_to_mend_changes_nothing(real: Workbench) -> None:
    async with ExplorerApp(real).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "m")
        assert pilot.app.screen.query(Timeline)
        assert len(real.state.exchanges) == 1
