"""The whole story on the screen: start, step, break a request, be refused, see why, mend, replay, compare, save."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from explorer.formats.importing import import_file
from explorer.ui.app import ExplorerApp
from explorer.ui.panes.lines import Lines
from explorer.ui.screens.start import Start
from tests.ui.test_stepper import edit_target, pane, press


def lines(pilot: Pilot[None], name: str) -> str:
    """Return the text of a pane of the screen in use."""
    return pilot.app.screen.query_exactly_one(f"#{name}", Lines).text


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_the_whole_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> None:
    (tmp_path / "sessions").mkdir()
    monkeypatch.chdir(tmp_path)
    app = ExplorerApp()
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, Start)
        await press(pilot, "enter")  # start
        await step_break_and_mend(pilot, is_narrow=size[0] < 100)
        await press(pilot, "v", "down", "v")  # compare
        assert "They differ in target, status" in lines(pilot, "differences")
        await press(pilot, "escape", "Y")  # save
    app.finish()
    (recording,) = (tmp_path / "sessions" / "local").glob("*.jsonl")
    assert [one.status for one in import_file(str(recording)).session.exchanges] == [202, 202, 404, 201, 404]
    (copied,) = (tmp_path / "sessions" / "local").glob("*.txt")
    assert copied.read_text().startswith("curl ")


async def step_break_and_mend(pilot: Pilot[None], *, is_narrow: bool) -> None:
    """Step to the closing PUT, break it, see why, mend it, have the broken one refused again, and go back to it."""
    # Where the screen is narrow, the request is shown before it can be sent.
    await press(pilot, "enter", *(("enter",) if is_narrow else ()), "enter")  # step
    await edit_target(pilot, lambda line: line.replace("&digest=", "?digest="))  # break
    assert "404" in pane(pilot, "answer").text  # be refused
    await press(pilot, "exclamation_mark")
    assert "second-question-mark" in pane(pilot, "meaning").text  # see why
    await press(pilot, "m", "enter")  # mend
    assert "The mend helped" in str(pilot.app.screen.query_exactly_one("#status").render())
    await press(pilot, "exclamation_mark", "r")  # replay
    await press(pilot, "home", "down", "down", "down")
