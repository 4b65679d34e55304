"""The list of a large session is there while its file is read."""

from __future__ import annotations

from pathlib import Path

from explorer.jobs import open_recording
from explorer.ui.app import ExplorerApp
from explorer.ui.panes.timeline import Timeline
from explorer.ui.screens.stepper import Stepper
from tests.test_growing import growing, large


async def test_a_large_session_is_listed_to_its_end_and_can_be_sent_from_then(tmp_path: Path) -> None:
    opened = open_recording(str(large(tmp_path, flow=True, count=6)), may_grow=True)
    app = ExplorerApp(opened.workbench, opened.remark)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, Stepper)
        assert not growing(opened).is_reading
        assert screen.query_exactly_one("#timeline", Timeline).entries.shown == 6
        assert screen.check_action("run", ())


async def test_nothing_is_sent_while_a_file_is_read(tmp_path: Path) -> None:
    opened = open_recording(str(large(tmp_path, flow=True)), may_grow=True)
    screen = Stepper(opened.workbench)
    assert screen.is_reading
    screen.state = opened.workbench.state
    assert not screen.check_action("run", ())
    opened.workbench.close()
