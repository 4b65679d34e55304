"""The start screen and its forms; the registry here is the built-in one."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Checkbox, Input, OptionList, Static
from textual.widgets._select import SelectCurrent

from explorer.credentials import Given
from explorer.flows.declared import FlowKind
from explorer.jobs import SessionOptions
from explorer.practice import BasicAccess, PracticeRegistry, Users
from explorer.ui.app import ExplorerApp
from explorer.ui.commands import FlowCommands
from explorer.ui.screens.flow_form import FlowForm, callable_flows
from explorer.ui.screens.forms import PushForm
from explorer.ui.screens.options_form import OptionsForm
from explorer.ui.screens.start import Start
from explorer.ui.screens.stepper import Stepper


@pytest.fixture(autouse=True)
def _records_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sessions").mkdir()
    monkeypatch.chdir(tmp_path)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, and let each have its effect."""
    for key in keys:
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.pause()


async def test_the_choice_in_focus_is_seen_with_colours_and_without() -> None:
    async with ExplorerApp().run_test(size=(80, 24)) as pilot:
        pilot.app.push_screen(PushForm())
        await press(pilot, "tab", "tab")
        assert "underline" in str(pilot.app.screen.query_exactly_one(SelectCurrent).styles.text_style)


async def test_enter_alone_steps_the_sample_into_the_built_in_registry(tmp_path: Path) -> None:
    app = ExplorerApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await press(pilot, *["enter"] * 30)
        assert isinstance(pilot.app.screen, Stepper)
        state = pilot.app.screen.state
        assert state is not None
        assert state.status == 0
        await press(pilot, "q")
    app.finish()
    assert app.left.status == 0
    assert list((tmp_path / "sessions" / "local").glob("*.jsonl"))


async def test_escape_leads_back_to_the_start() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "enter", "escape")
        assert isinstance(pilot.app.screen, Start)


async def test_a_file_that_is_no_recording_is_said(tmp_path: Path) -> None:
    (tmp_path / "odd [b].txt").write_text("hello")
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "down", "down", "down", "enter")
        pilot.app.screen.query_exactly_one("#path", Input).value = str(tmp_path / "odd [b].txt")
        await press(pilot, "enter")
        said = str(pilot.app.screen.query_exactly_one("#wrong", Static).content)
        assert "odd [b].txt" in said


async def test_a_source_that_does_not_exist_is_said() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "down", "down", "enter")
        pilot.app.screen.query_exactly_one("#source", Input).value = "nowhere.tar"
        await press(pilot, "enter")
        assert "nowhere.tar" in str(pilot.app.screen.query_exactly_one("#wrong", Static).content)


async def test_a_recording_is_opened_from_the_start_screen() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "enter", "enter", "escape")
        recording = app.left.recordings[0]
        await press(pilot, "down", "down", "down", "enter")
        pilot.app.screen.query_exactly_one("#path", Input).value = recording
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, Stepper)
        assert pilot.app.screen.state is not None
        assert len(pilot.app.screen.state.exchanges) == 1


async def test_any_conversation_is_begun_from_the_start_screen() -> None:
    with PracticeRegistry() as practice:
        app = ExplorerApp()
        async with app.run_test(size=(100, 40)) as pilot:
            await pilot.pause()
            await press(pilot, "down", "down", "down", "down", "enter")
            offered = pilot.app.screen.query_exactly_one("#flows", OptionList).options
            assert {"api-check", "list-tags"} <= {option.id for option in offered}
            await press(pilot, "enter")
            field = pilot.app.screen.query_exactly_one("#arg-target", Input)
            field.value = f"{practice.origin.authority}/demo/app"
            await press(pilot, "enter", "enter")
            assert isinstance(pilot.app.screen, Stepper)
            assert pilot.app.screen.state is not None
            assert pilot.app.screen.state.exchanges[0].request.target == "/v2/"
            assert pilot.app.screen.state.status == 0
        app.finish()


@pytest.mark.parametrize("kind", callable_flows(), ids=lambda kind: kind.name)
async def test_each_conversation_has_a_form_that_can_be_left(kind: FlowKind) -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.call_flow(kind.name)
        await pilot.pause()
        assert kind.line in str(pilot.app.screen.query_exactly_one("#help", Static).content)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, Start)


async def test_nothing_is_deleted_before_it_is_ticked() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.call_flow("delete-tag")
        await pilot.pause()
        pilot.app.screen.query_exactly_one("#arg-target", Input).value = "localhost:1/demo/app:v1"
        await press(pilot, "f5")
        assert isinstance(pilot.app.screen, FlowForm)


async def test_the_palette_offers_each_conversation() -> None:
    app = ExplorerApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        hits = [hit async for hit in FlowCommands(app.screen).discover()]
        assert {hit.text for hit in hits} >= {"Run list-tags", "Run referrers"}


async def test_what_is_begun_from_the_start_screen_has_its_login_and_its_connection(tmp_path: Path) -> None:
    (tmp_path / "ca.crt").write_text("")
    app = ExplorerApp()
    async with app.run_test(size=(120, 50)) as pilot:
        await pilot.pause()
        await press(pilot, *["down"] * 5, "enter")
        form = pilot.app.screen
        assert isinstance(form, OptionsForm)
        for id, value in (("registry", "reg.example"), ("user", "ann"), ("password", "p:w"), ("ca", "ca.crt")):
            form.query_exactly_one(f"#{id}", Input).value = value
        form.query_exactly_one("#insecure", Checkbox).value = True
        await press(pilot, "f5")
        assert (app.options.login.user, app.options.login.only_for) == ("ann:p:w", "https://reg.example")
        assert (app.options.connection.ca, app.options.connection.insecure) == ("ca.crt", True)
        said = str(pilot.app.screen.query_exactly_one("#options-now", Static).content)
        assert "INSECURE" in said
        assert "login 'ann' for https://reg.example" in said
        assert "p:w" not in said


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("user", "ann", "which one"), ("proxy", "ftp://p", "--proxy names"), ("ca", "nowhere.crt", "nowhere.crt")],
)
async def test_options_that_cannot_be_meant_are_said_in_the_form(field: str, value: str, words: str) -> None:
    app = ExplorerApp()
    async with app.run_test(size=(120, 50)) as pilot:
        await pilot.pause()
        await press(pilot, *["down"] * 5, "enter")
        pilot.app.screen.query_exactly_one(f"#{field}", Input).value = value
        await press(pilot, "f5")
        assert words in str(pilot.app.screen.query_exactly_one("#wrong", Static).content)


async def test_a_push_that_is_begun_there_logs_in() -> None:
    with PracticeRegistry(access=BasicAccess(Users.of("ann:p:w"))) as registry:
        login = Given("ann:p:w", only_for=str(registry.origin), source="the form")
        app = ExplorerApp(options=SessionOptions(login))
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await press(pilot, "down", "down", "enter")
            pilot.app.screen.query_exactly_one("#target", Input).value = f"{registry.origin.authority}/a/b:v1"
            await press(pilot, "enter", *["enter"] * 20)
            assert isinstance(pilot.app.screen, Stepper)
            state = pilot.app.screen.state
            assert state is not None
            assert state.status == 0
            assert [one.status for one in state.exchanges][:2] == [401, 202]
        app.finish()
