"""A session of many exchanges: the list is there at once, and what is inferred comes after."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer.jobs import open_recording
from explorer.ui.app import ExplorerApp
from explorer.ui.panes.timeline import Timeline
from explorer.ui.screens.stepper import Stepper
from tests.ui.test_stepper import press, seen, settle

STORY = Path(__file__).parents[2] / "sessions" / "second-question-mark.jsonl"


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Return a recording of 330 exchanges, a refused one in every eleven."""
    head, *exchanges = [json.loads(line) for line in STORY.read_text().splitlines()]
    head["flow"] = {"name": "", "arguments": {}}
    path = tmp_path / "many.jsonl"
    lines = [json.dumps(head)]
    for number in range(330):
        one = dict(exchanges[number % len(exchanges)])
        lines.append(json.dumps({**one, "id": number + 1, "after": number}))
    path.write_text("\n".join(lines) + "\n")
    return path


async def test_what_is_inferred_of_many_exchanges_comes_after_the_list(many: Path) -> None:
    opened = open_recording(str(many))
    async with ExplorerApp(opened.workbench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "home")
        screen = pilot.app.screen
        assert isinstance(screen, Stepper)
        assert screen.insight.behind(opened.workbench.state.exchanges) == 0
        assert screen.insight.findings
        rows = seen(screen.query_exactly_one(Timeline))
        assert "sha256:" in rows.split("\n")[0]
        assert "404 refused" in rows
        assert "202 ok" in rows
    opened.workbench.close()


async def test_the_row_that_a_key_leads_to_is_pointed_at_before_the_screen_follows(many: Path) -> None:
    opened = open_recording(str(many))
    async with ExplorerApp(opened.workbench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "home")
        timeline = pilot.app.screen.query_exactly_one(Timeline)
        before = seen(timeline).split("\n")
        timeline.action_move(1)
        pointed = [row for row in seen(timeline).split("\n") if row.startswith("▶")]
        assert [row for row in before if row.startswith("▶")] != pointed
        await settle(pilot)
        assert isinstance(pilot.app.screen, Stepper)
        assert pilot.app.screen.selected == 2
        assert [row for row in seen(timeline).split("\n") if row.startswith("▶")] == pointed
    opened.workbench.close()
