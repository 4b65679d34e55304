"""Having a conversation again from the main screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.jobs import PushJob, open_push
from explorer.practice import PracticeRegistry
from explorer.ui.app import ExplorerApp
from explorer.ui.screens.stepper import Stepper
from explorer.workbench import Workbench
from tests.ui.test_stepper import press


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    """Return a push of the sample into the built-in registry."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sessions").mkdir()
    bench = open_push(PushJob())
    yield bench
    bench.close()


def statuses(app: ExplorerApp) -> list[int]:
    """Return the statuses of the session on the screen."""
    screen = app.screen
    assert isinstance(screen, Stepper)
    assert screen.state is not None
    return [exchange.status for exchange in screen.state.exchanges]


async def test_a_session_is_replayed_afresh_in_the_same_registry(real: Workbench) -> None:
    app = ExplorerApp(real)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "a")
        before = statuses(app)
        await press(pilot, "home", "A", "enter", "a")
        assert statuses(app) == before
        await press(pilot, "escape", "escape", "escape")
        assert real.state.exchanges
    app.finish()


async def test_a_session_is_replayed_to_another_registry(real: Workbench) -> None:
    app = ExplorerApp(real)
    with PracticeRegistry() as other:
        async with app.run_test(size=(120, 40)) as pilot:
            await press(pilot, "a", "home", "A", *f"{other.origin.authority}/copied/app", "enter", "a")
            assert set(statuses(app)) <= {201, 202}
            screen = app.screen
            assert isinstance(screen, Stepper)
            assert screen.state is not None
            assert {exchange.request.origin for exchange in screen.state.exchanges} == {other.origin}
        app.finish()


async def test_one_exchange_is_replayed_afresh_with_the_upload_that_it_needs(real: Workbench) -> None:
    app = ExplorerApp(real)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "a", "home", "down", "down", "O")
        assert "exchange 3 alone" in str(pilot.app.screen.query_exactly_one("#sheet").border_title)
        await press(pilot, "enter", "a")
        assert statuses(app) == [202, 202, 201]
    app.finish()


async def test_without_a_selected_exchange_none_is_replayed_alone(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "O")
        assert "Go up to an exchange first" in str(pilot.app.screen.query_exactly_one("#status").render())


async def test_a_target_that_is_none_is_asked_for_again(real: Workbench) -> None:
    app = ExplorerApp(real)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "A", *"nowhere", "enter")
        assert "names no repository" in str(pilot.app.screen.query_exactly_one("#wrong").render())
        await press(pilot, "escape")
    app.finish()


async def test_before_anything_was_sent_there_is_nothing_to_replay(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "A")
        assert "nothing recorded yet" in str(pilot.app.screen.query_exactly_one("#status").render())


async def test_the_same_push_is_made_as_another_client_would(real: Workbench) -> None:
    app = ExplorerApp(real)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "a", "L", *"crane", "enter", "a")
        screen = app.screen
        assert isinstance(screen, Stepper)
        assert screen.state is not None
        first = screen.state.exchanges[0].request
        assert first.target == "/v2/"
        assert (first.headers.get("User-Agent") or "").startswith("crane/")
        assert screen.state.status == 0
    app.finish()


async def test_a_client_that_nobody_knows_is_asked_for_again(real: Workbench) -> None:
    async with ExplorerApp(real).run_test(size=(120, 40)) as pilot:
        await press(pilot, "L", *"nobody", "enter")
        assert "There is no client 'nobody'" in str(pilot.app.screen.query_exactly_one("#wrong").render())
