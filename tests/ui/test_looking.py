"""Looking closer: the sequence, comparisons, copies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import App

from explorer.model import Request, Response
from explorer.ui.app import ExplorerApp
from explorer.ui.panes.lines import Lines
from explorer.workbench import Workbench
from tests.ui.conftest import MadeUpWire, as_a_registry
from tests.ui.palettes import until_offered
from tests.ui.test_stepper import break_the_put, press


def lines(app: App[None], name: str) -> str:
    """Return the text of a pane of the screen in use."""
    return app.screen.query_exactly_one(f"#{name}", Lines).text


def said(app: App[None]) -> str:
    """Return the line below the panes."""
    return str(app.screen.query_exactly_one("#status").render())


async def test_the_sequence_is_a_ladder(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "enter", "s")
        text = lines(pilot.app, "ladder")
        assert "registry" in text
        assert "PATCH" in text
        await press(pilot, "escape")
        assert pilot.app.screen.query("#timeline")


async def test_two_attempts_are_compared_the_verdict_first(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await break_the_put(pilot)
        await press(pilot, "escape", "enter", "enter")
        await press(pilot, "home", *["down"] * 3, "v")
        assert "is marked" in said(pilot.app)
        await press(pilot, "up", "v")
        text = lines(pilot.app, "differences")
        assert "They differ in target, status" in text
        assert text.startswith("They differ")
        assert text.index("They differ") < text.index("target")


async def test_the_expected_differences_are_folded_and_unfolded_with_why_they_may_differ(
    bench: Workbench, made_up: MadeUpWire
) -> None:
    def dated(request: Request) -> Response:
        response = as_a_registry(request)
        date = f"Tue, 24 Nov 2026 10:00:{len(made_up.asked):02} GMT"
        return replace(response, headers=response.headers.set("Date", date))

    made_up.answer = dated
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, *["enter"] * 4, "escape", "home", "v", *["down"] * 3, "v")
        folded = lines(pilot.app, "differences")
        await press(pilot, "enter")
        assert "expected: " not in folded
        assert "expected: " in lines(pilot.app, "differences")
        await press(pilot, "space")
        assert lines(pilot.app, "differences") == folded


async def test_without_a_selected_exchange_nothing_is_marked(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "v")
        assert "Go up to an exchange first" in said(pilot.app)


async def test_the_request_is_copied_as_curl_and_a_pane_as_its_text(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "y")
        assert pilot.app.clipboard.startswith("curl --include")
        await press(pilot, "enter", "2", "y")
        assert "HTTP/1.1 202 Accepted" in pilot.app.clipboard


async def test_a_copy_is_written_to_a_private_file(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sessions").mkdir()
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "Y")
        (path,) = (tmp_path / "sessions" / "local").glob("*.txt")
        assert path.read_text().startswith("curl --include")
        assert path.stat().st_mode & 0o777 == 0o600


async def test_the_palette_has_every_action_of_the_screen(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "ctrl+p", *"Sequence")
        await until_offered(pilot, "Sequence")
        await press(pilot, "enter")
        assert pilot.app.screen.query("#ladder")


async def test_the_session_is_compared_with_another_recording(bench: Workbench) -> None:
    story = Path(__file__).parents[2] / "sessions" / "first-push.jsonl"
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "enter", "V", *str(story), "enter")
        text = lines(pilot.app, "differences")
        assert "on the right only" in text
        await press(pilot, "escape", "V", *"nowhere.jsonl", "enter")
        assert "nowhere.jsonl" in said(pilot.app)
