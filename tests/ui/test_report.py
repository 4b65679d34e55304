"""One key writes the report of a session."""

from __future__ import annotations

import base64
import zipfile
from pathlib import Path

import pytest

from explorer.credentials import Given
from explorer.jobs import PushJob, open_push
from explorer.practice import PracticeRegistry, TokenAccess, Users
from explorer.ui.app import ExplorerApp
from explorer.ui.panes.lines import Lines
from explorer.ui.screens.report import ReportScreen
from explorer.workbench import Workbench

LOGIN = "alice:correct-horse-battery"


@pytest.fixture(autouse=True)
def _records_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sessions").mkdir()
    monkeypatch.chdir(tmp_path)


async def test_one_key_writes_the_bundle_and_shows_the_summary(bench: Workbench, tmp_path: Path) -> None:
    bench.send()
    app = ExplorerApp(bench)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("R")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, ReportScreen)
        text = app.screen.query_exactly_one("#report", Lines).text
        assert "Written: sessions/local/" in text
        assert "POST blobs/uploads/" in text
        await pilot.press("escape")
    (bundle,) = (tmp_path / "sessions" / "local").glob("*-report.zip")
    assert "report.md" in zipfile.ZipFile(bundle).namelist()


async def test_nothing_is_written_before_anything_was_sent(bench: Workbench, tmp_path: Path) -> None:
    app = ExplorerApp(bench)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("R")
        assert not isinstance(app.screen, ReportScreen)
    assert not list(tmp_path.rglob("*.zip"))


async def test_no_credential_of_a_live_session_is_on_the_screen() -> None:
    basic = base64.b64encode(LOGIN.encode()).decode()
    with PracticeRegistry(access=TokenAccess(Users.of(LOGIN))) as registry:
        job = PushJob(target=f"{registry.origin.authority}/t/r:v1", login=Given(user=LOGIN))
        workbench = open_push(job)
        for _ in workbench.run():
            pass
        token = workbench.state.exchanges[-1].request.headers.get("Authorization") or ""
        app = ExplorerApp(workbench)
        async with app.run_test(size=(200, 60)) as pilot:
            await pilot.pause()
            for _ in range(6):
                await pilot.press("up")
                await pilot.pause()
                shown = "\n".join(pane.text for pane in app.screen.query(Lines))
                assert basic not in shown
                assert "correct-horse" not in shown
                assert token.partition(" ")[2] not in shown
        workbench.close()
