"""Themes, keys, ASCII, sizes: the screen behaves as the user wants it."""

from __future__ import annotations

import pytest
from textual.app import App

from explorer.settings import Settings
from explorer.ui.app import ExplorerApp
from explorer.ui.ascii import ascii_text
from explorer.ui.bindings import bound, usable
from explorer.workbench import Workbench
from tests.ui.palettes import until_offered
from tests.ui.test_stepper import press


def made(bench: Workbench | None, settings: Settings) -> ExplorerApp:
    """Return an app with settings."""
    app = ExplorerApp(bench)
    app.behave(settings)
    return app


def drawn(app: App[None]) -> str:
    """Return everything that is on the terminal."""
    svg = app.export_screenshot(simplify=True)
    return "".join(part.split("<")[0] for part in svg.split(">")).replace("&#160;", " ")


def test_in_gnu_screen_colours_are_those_that_it_has_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("STY", "1.a"), ("TERM", "screen"), ("COLORTERM", "truecolor")):
        monkeypatch.setenv(name, value)
    assert ExplorerApp().console.color_system == "standard"
    monkeypatch.delenv("STY")
    monkeypatch.setenv("COLORTERM", "truecolor")
    assert ExplorerApp().console.color_system == "truecolor"


async def test_a_key_can_be_another_one(bench: Workbench) -> None:
    async with made(bench, Settings(keys=(("step.send", "f9"),))).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter")
        assert not bench.state.exchanges
        await press(pilot, "f9")
        assert len(bench.state.exchanges) == 1


async def test_an_unknown_id_is_told_at_the_start(bench: Workbench) -> None:
    app = made(bench, Settings(keys=(("step.fly", "f9"),), theme="[/none]"))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        messages = drawn(app)
        assert "step.fly" in messages
        assert "[/none]" in messages


def test_a_key_that_another_action_has_is_told_and_not_taken() -> None:
    keymap, problems = usable((("step.send", "e"), ("step.undo", "f9")))
    assert keymap == {"step.undo": "f9"}
    assert problems == ["Settings: 'e' for step.send is the key of step.edit, too. step.send keeps its own key."]


def test_keys_can_be_exchanged() -> None:
    wanted = {"step.edit": "r", "step.replay": "e"}
    assert usable(tuple(wanted.items())) == (wanted, [])


def test_no_two_actions_of_a_place_have_a_key_in_common() -> None:
    for bindings in bound().values():
        keys = [key for value in bindings.values() for key in value.split(",")]
        assert len(keys) == len(set(keys))


@pytest.mark.parametrize("size", [(40, 10), (60, 18), (80, 24), (200, 50)])
async def test_ascii_mode_draws_ascii_only(bench: Workbench, size: tuple[int, int]) -> None:
    app = made(bench, Settings(ascii=True))
    async with app.run_test(size=size) as pilot:
        for keys in (("enter", "enter", "up"), ("d",), ("escape", "s"), ("escape", "question_mark"), ("ctrl+p",)):
            await press(pilot, *keys)
            text = drawn(app)
            assert text.isascii(), [sign for sign in text if not sign.isascii()]


async def test_the_start_screen_is_ascii_too() -> None:
    app = made(None, Settings(ascii=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert drawn(app).isascii()
        assert "lesson" in drawn(app)


def test_a_sign_takes_as_many_cells_as_before() -> None:
    assert ascii_text("▸ a…b  ✓ 漢字 ─█ é") == "> a*b  + ???? -# ?"
    assert ascii_text("Push…  ") == "Push..."


async def test_without_colours_marks_are_words(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = ExplorerApp(bench)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter")
        text = drawn(app)
        assert app.no_color
        for word in ("ok", "next", "planned"):
            assert word in text


@pytest.mark.parametrize("size", [(60, 18), (40, 10), (8, 4)])
async def test_a_smaller_terminal_is_no_crash(bench: Workbench, size: tuple[int, int]) -> None:
    async with ExplorerApp(bench).run_test(size=(200, 50)) as pilot:
        await press(pilot, "enter")
        await pilot.resize_terminal(*size)
        await press(pilot, "enter", "enter", "1", "2", "3", "f", "question_mark")
        await pilot.resize_terminal(120, 40)
        assert len(bench.state.exchanges) >= 2


async def test_the_timeline_can_be_enlarged(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "f")
        assert pilot.app.screen.maximized is pilot.app.screen.query_exactly_one("#timeline")
        await press(pilot, "escape")
        assert pilot.app.screen.maximized is None


def test_no_action_has_only_a_key_that_terminals_or_multiplexers_keep() -> None:
    kept = {f"ctrl+{letter}" for letter in "abcghijmopqsz"} | {"ctrl+enter", "f1", "f10", "f11", "f12"}
    for bindings in bound().values():
        for id, keys in bindings.items():
            assert [key for key in keys.split(",") if key not in kept and not key.startswith(("alt+", "super+"))], id


async def test_the_palette_has_a_key_that_no_terminal_keeps(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "colon")
        await until_offered(pilot)
        await press(pilot, *"sequence")
        await until_offered(pilot, "Sequence")
        await press(pilot, "enter")
        assert pilot.app.screen.query("#ladder")
