"""What means harm, in a recording or from a registry, is inert and visible on every screen, at every size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from explorer.bodies.window import window_on
from explorer.diagnoses import diagnose
from explorer.formats.importing import import_file
from explorer.jobs import open_recording
from explorer.model import Body, Exchange, Headers
from explorer.recorder.pausing import Held
from explorer.ui.app import ExplorerApp
from explorer.ui.screens.asking import Ask
from explorer.ui.screens.body import BodyScreen
from explorer.ui.screens.compare import CompareScreen
from explorer.ui.screens.editor import Editor
from explorer.ui.screens.findings import FindingsScreen
from explorer.ui.screens.held import HeldScreen
from explorer.ui.screens.ladder import LadderScreen
from explorer.ui.screens.report import ReportScreen
from explorer.ui.screens.what_if import WhatIf
from explorer.visible import visible
from explorer.workbench import Workbench
from tests.ui.test_stepper import press

FILE = Path(__file__).parents[2] / "sessions" / "hostile.jsonl"
SIZES = [(40, 10), (80, 24), (200, 50)]
SESSION = import_file(str(FILE)).session
MARKUP = "[/no] [@click=app.quit]x[/] [link=http://evil.invalid]y[/link] \x1b]0;owned\x07 \x9b31m \u202ertl \x00"


def hostile() -> Exchange:
    """Return the exchange of the recording."""
    return SESSION.exchanges[0]


def body_of(exchange: Exchange) -> Body:
    """Return the body of the answer."""
    assert exchange.response
    return exchange.response.body


BODY = body_of(hostile())


def check_drawn(app: App[None]) -> None:
    """Fail where anything that a terminal would obey, or that fools a reader, is about to be drawn."""
    for widget in app.screen.walk_children(Widget, with_self=True):
        if widget.is_mounted and widget.size.area:
            for strip in widget.render_lines(widget.size.region):
                bad = [sign for sign in strip.text if sign != "\xa0" and visible(sign) != sign]
                assert bad == [], (widget, strip.text)


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    """Return the recording as it is looked at."""
    (tmp_path / "sessions").mkdir()
    monkeypatch.chdir(tmp_path)
    workbench = open_recording(str(FILE)).workbench
    yield workbench
    workbench.close()


@pytest.mark.parametrize("size", SIZES)
async def test_the_main_screen_shows_it_inert_in_every_pane(opened: Workbench, size: tuple[int, int]) -> None:
    async with ExplorerApp(opened, MARKUP).run_test(size=size, notifications=True, tooltips=True) as pilot:
        for keys in (("home",), ("1", "down", "f"), ("f", "2", *["down"] * 8, "f"), ("f", "3", "f"), ("f", "escape")):
            await press(pilot, *keys)
            check_drawn(pilot.app)
        for line in range(30):
            await press(pilot, *(("2",) if line == 0 else ("down",)))
            check_drawn(pilot.app)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["b", "d", "e", "m", "p", "r", "R", "s", "w", "y", "slash", "question_mark", "ctrl+p"])
async def test_each_screen_that_a_key_opens_shows_it_inert(opened: Workbench, key: str, size: tuple[int, int]) -> None:
    async with ExplorerApp(opened).run_test(size=size, notifications=True, tooltips=True) as pilot:
        await press(pilot, "up", key)
        check_drawn(pilot.app)
        await press(pilot, "end", "tab", "down")
        check_drawn(pilot.app)


SCREENS: dict[str, Callable[[], Screen[Any]]] = {
    "body": lambda: BodyScreen(MARKUP, window_on(BODY)),
    "compare": lambda: CompareScreen.of_exchanges(hostile(), hostile()),
    "editor": lambda: Editor(hostile().request),
    "findings": lambda: FindingsScreen(diagnose(SESSION)),
    "held": lambda: HeldScreen(Held("answer", MARKUP, MARKUP.encode("utf-8"))),
    "ladder": lambda: LadderScreen(SESSION),
    "question": lambda: Ask(MARKUP, MARKUP, "x"),
    "report": lambda: ReportScreen(SESSION, MARKUP),
    "what if": lambda: WhatIf(MARKUP, hostile().response),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCREENS)
async def test_each_screen_shows_what_it_is_given_inert(
    name: str, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sessions").mkdir()
    monkeypatch.chdir(tmp_path)
    async with ExplorerApp().run_test(size=size, notifications=True, tooltips=True) as pilot:
        pilot.app.push_screen(SCREENS[name]())
        await press(pilot, "down", "end")
        check_drawn(pilot.app)


@pytest.mark.parametrize("size", SIZES)
async def test_the_parts_and_the_differences_of_an_edit_are_inert(size: tuple[int, int]) -> None:
    async with ExplorerApp().run_test(size=size, notifications=True, tooltips=True) as pilot:
        proposed = replace(hostile().request, headers=Headers.of((MARKUP, MARKUP)), body=MARKUP.encode())
        pilot.app.push_screen(Editor(hostile().request, proposed))
        for keys in (("f3",), ("down",) * 3, ("D",), ("f7",), ("tab",) * 4, ("f3",)):
            await press(pilot, *keys)
            check_drawn(pilot.app)


@pytest.mark.parametrize("size", SIZES)
async def test_the_start_screen_shows_names_and_sentences_inert(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = tmp_path / "sessions" / "local"
    local.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    name = "[@click=app.quit]x[| \x1b]0;owned\x07 \u202e.jsonl"
    (local / name).write_text(MARKUP)
    app = ExplorerApp()
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await press(pilot, *["down"] * 6)
        check_drawn(app)
        await press(pilot, "enter")
        check_drawn(app)


async def test_what_is_not_ours_stays_as_it_was_sent(opened: Workbench) -> None:
    async with ExplorerApp(opened).run_test(size=(200, 50)) as pilot:
        await press(pilot, "up", "2")
        text = _text(pilot)
        assert "[bold red]markup[/]" in text
        assert "␛]0;title␇" in text
        assert "⟨U+202E⟩" in text


def _text(pilot: Pilot[None]) -> str:
    from explorer.ui.panes.lines import Lines

    return pilot.app.screen.query_exactly_one("#answer", Lines).text
