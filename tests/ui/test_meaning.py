"""What the pane of meanings says of what is pointed at."""

from __future__ import annotations

from explorer.ui.app import ExplorerApp
from explorer.workbench import Workbench
from tests.ui.test_stepper import edit_target, pane, press


async def test_before_sending_it_is_said_what_may_come_back_and_where_that_stands(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "enter")
        expected = "✓ 201 it is stored; the Location is where it can be got; has to have Location"
        assert "may come back (end-6, " in pane(pilot, "request").text
        assert expected in pane(pilot, "request").text
        await press(pilot, "1", "home", "down")
        assert expected in pane(pilot, "meaning").text


async def test_the_status_of_a_refusal_says_why_it_was_refused(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "enter")
        await edit_target(pilot, lambda line: line.replace("&digest=", "?digest="))
        await press(pilot, "up", "2", "home")
        assert "the status of the answer" in pane(pilot, "meaning").text
        assert "second-question-mark" in pane(pilot, "meaning").text


async def test_a_line_that_no_finding_points_at_says_nothing_of_it(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "enter")
        await edit_target(pilot, lambda line: line.replace("&digest=", "?digest="))
        await press(pilot, "up", "2", "home", "down")
        assert "Content-Type of the answer" in pane(pilot, "meaning").text
        assert "second-question-mark" not in pane(pilot, "meaning").text


async def test_the_key_of_the_meaning_pressed_again_tells_the_whole(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(80, 24)) as pilot:
        await press(pilot, "enter", "2", "down", "3")
        assert "Meaning: " in str(pane(pilot, "meaning").border_title)
        await press(pilot, "3")
        assert "Meaning of 1" in str(pane(pilot, "meaning").border_title)
        assert "verdict as expected" in pane(pilot, "meaning").text
