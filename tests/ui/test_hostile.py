"""What means harm, in a recording, a registry or a paste, is inert and visible on every screen."""

from __future__ import annotations

import ast
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.events import Paste
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from explorer.bodies.window import Memory, window_on
from explorer.credentials import Given
from explorer.diagnoses import diagnose
from explorer.faults.switchboard import Switchboard
from explorer.formats.importing import import_file
from explorer.formats.session import SessionWriter
from explorer.jobs import SessionOptions, open_recording
from explorer.lessons import lessons
from explorer.lessons.classroom import Classroom
from explorer.live import LiveWorkbench
from explorer.model import Body, Edit, Exchange, Finding, FlowCall, Headers, Origin, Response, Session
from explorer.recorder.pausing import Held
from explorer.recorder.wanted import Recording
from explorer.teaching import Teaching
from explorer.ui import screens
from explorer.ui.app import ExplorerApp
from explorer.ui.screens.asking import Ask
from explorer.ui.screens.body import BodyScreen
from explorer.ui.screens.compare import CompareScreen
from explorer.ui.screens.editor import Editor
from explorer.ui.screens.faults import FaultsScreen
from explorer.ui.screens.findings import FindingsScreen
from explorer.ui.screens.flow_form import FlowForm, FlowList
from explorer.ui.screens.forms import OpenForm, PushForm
from explorer.ui.screens.held import HeldScreen
from explorer.ui.screens.ladder import LadderScreen
from explorer.ui.screens.lesson import LessonScreen
from explorer.ui.screens.lessons import LessonsScreen
from explorer.ui.screens.mend import Mend
from explorer.ui.screens.options_form import OptionsForm
from explorer.ui.screens.palette import Palette
from explorer.ui.screens.recording import LiveStepper, Output
from explorer.ui.screens.report import ReportScreen
from explorer.ui.screens.start import Start
from explorer.ui.screens.stepper import Stepper
from explorer.ui.screens.what_if import WhatIf
from explorer.visible import visible
from explorer.wire.options import ConnectionOptions
from explorer.workbench import Workbench
from tests.ui.conftest import MadeUpWire
from tests.ui.test_stepper import press

FILE = Path(__file__).parents[2] / "sessions" / "hostile.jsonl"
SIZES = [(40, 10), (80, 24), (200, 50)]
SESSION = import_file(str(FILE)).session
MARKUP = (
    "[/no] [@click=app.quit]x[/] [link=http://evil.invalid]y[/link] \\[ \x1b]0;owned\x07 \x9b31m \u202ertl \x00"
    "\x1b[2J \u200b \xa0|\ud800 \\"
)


def hostile() -> Exchange:
    """Return the exchange of the recording."""
    return SESSION.exchanges[0]


def answer() -> Response:
    """Return its answer."""
    response = hostile().response
    assert response
    return response


BODY: Body = answer().body
REQUEST = replace(hostile().request, headers=Headers.of((MARKUP, MARKUP), ("", ""), ("A", "1"), ("A", "2")))


def check_drawn(app: App[None]) -> None:
    """Fail where anything that a terminal would obey, or that fools a reader, is about to be drawn."""
    for screen in app.screen_stack:
        for widget in screen.walk_children(Widget, with_self=True):
            if widget.is_mounted and widget.size.area:
                for strip in widget.render_lines(widget.size.region):
                    bad = [sign for sign in strip.text if visible(sign) != sign]
                    assert bad == [], (widget, strip.text)


@pytest.fixture(autouse=True)
def _records_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sessions").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def opened() -> Iterator[Workbench]:
    """Return the recording as it is looked at."""
    workbench = open_recording(str(FILE)).workbench
    yield workbench
    workbench.close()


@pytest.mark.parametrize("size", SIZES)
async def test_the_main_screen_shows_it_inert_in_every_pane(opened: Workbench, size: tuple[int, int]) -> None:
    async with ExplorerApp(opened, MARKUP).run_test(size=size, notifications=True, tooltips=True) as pilot:
        for keys in (("home",), ("1", "down", "f"), ("f", "2", *["down"] * 8, "f"), ("f", "3", "f"), ("f", "escape")):
            await press(pilot, *keys)
            check_drawn(pilot.app)
        await press(pilot, "2")
        for _ in range(15):
            await press(pilot, "down")
            check_drawn(pilot.app)


@pytest.mark.parametrize("size", [(40, 10), (80, 24)])
@pytest.mark.parametrize("key", ["b", "d", "e", "m", "r", "R", "s", "w", "slash", "question_mark"])
async def test_each_screen_that_a_key_opens_shows_it_inert(opened: Workbench, key: str, size: tuple[int, int]) -> None:
    async with ExplorerApp(opened).run_test(size=size, notifications=True, tooltips=True) as pilot:
        await press(pilot, "up", key)
        check_drawn(pilot.app)
        await press(pilot, "end", "tab", "down")
        check_drawn(pilot.app)


class Made:
    """What screens are made of, for the time of a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def writer(self, session: Session) -> SessionWriter:
        """Return what records a session."""
        return SessionWriter(self.folder / "made.jsonl", session)

    def stepper(self) -> Screen[Any]:
        """Return the main screen."""
        return Stepper(open_recording(str(FILE)).workbench, MARKUP)

    def recorder(self) -> Screen[Any]:
        """Return the recorder's screen, which has recorded the exchange, beside a command that says the worst."""
        output = Output()
        output.take(MARKUP.encode("utf-8", "replace") + b"\xff\xfe")
        session = Session(MARKUP, 1.0, FlowCall(""), SESSION.exchanges)
        wanted = Recording(Origin("http", "127.0.0.1", 1))
        return LiveStepper(LiveWorkbench(wanted, session, MadeUpWire(), self.writer), MARKUP, output=output)

    def lesson(self) -> Screen[Any]:
        """Return a lesson at a registry that answers everything in the worst way."""
        wire = MadeUpWire(lambda _: replace(answer(), status=202, headers=Headers.of((MARKUP, MARKUP))))
        writer = self.writer(Session(MARKUP, 1.0, FlowCall("")))
        kind = lessons()["first-push"]
        return LessonScreen(Teaching(kind, Classroom(hostile().request.origin), wire, print, writer), print)


FINDING = Finding(
    MARKUP, "likely", (1,), MARKUP, MARKUP, MARKUP, MARKUP, MARKUP, (), Edit(1, REQUEST, MARKUP), (MARKUP,), (MARKUP,)
)
SCREENS: dict[type[Screen[Any]], Callable[[Made], Screen[Any]]] = {
    Ask: lambda _: Ask(MARKUP, MARKUP, "x"),
    BodyScreen: lambda _: BodyScreen(MARKUP, window_on(BODY)),
    CompareScreen: lambda _: CompareScreen.of_exchanges(hostile(), replace(hostile(), id=2, request=REQUEST)),
    Editor: lambda _: Editor(REQUEST, hostile().request),
    FaultsScreen: lambda _: FaultsScreen(Switchboard()),
    FindingsScreen: lambda _: FindingsScreen((FINDING, *diagnose(SESSION))),
    FlowForm: lambda _: FlowForm("list-tags"),
    FlowList: lambda _: FlowList(),
    HeldScreen: lambda _: HeldScreen(Held("answer", MARKUP, visible(MARKUP).encode())),
    LadderScreen: lambda _: LadderScreen(SESSION),
    LessonScreen: Made.lesson,
    LessonsScreen: lambda _: LessonsScreen(),
    LiveStepper: Made.recorder,
    Mend: lambda _: Mend(FINDING, hostile().request, REQUEST),
    OpenForm: lambda _: OpenForm(),
    OptionsForm: lambda _: OptionsForm(
        SessionOptions(Given(user=MARKUP, only_for=MARKUP), ConnectionOptions(ca=MARKUP))
    ),
    Palette: lambda _: Palette(),
    PushForm: lambda _: PushForm(),
    ReportScreen: lambda _: ReportScreen(SESSION, MARKUP),
    Start: lambda _: Start(),
    Stepper: Made.stepper,
    WhatIf: lambda _: WhatIf(MARKUP, hostile().response),
}


def test_no_screen_is_forgotten() -> None:
    for module in pkgutil.iter_modules(screens.__path__, f"{screens.__name__}."):
        import_module(module.name)
    ours = {kind for kind in _below(Screen) if kind.__module__.startswith("explorer.")}
    shown = {kind for kind in ours if "compose" in kind.__dict__ or not ours & set(kind.__subclasses__())}
    assert shown == set(SCREENS)


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


@pytest.mark.parametrize("kind", SCREENS, ids=lambda kind: kind.__name__)
async def test_each_screen_shows_what_it_is_given_and_what_is_pasted_inert(
    kind: type[Screen[Any]], tmp_path: Path
) -> None:
    async with ExplorerApp().run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        screen = SCREENS[kind](Made(tmp_path))
        pilot.app.push_screen(screen)
        pilot.app.notify(visible(MARKUP), title=visible(MARKUP), markup=False)
        await press(pilot, "down", "end")
        check_drawn(pilot.app)
        for field in [*screen.query(Input), *screen.query(TextArea)]:
            field.focus()
            pilot.app.post_message(Paste(MARKUP))
            await press(pilot, "end")
            check_drawn(pilot.app)
        await press(pilot, "enter")
        check_drawn(pilot.app)


async def test_what_was_pasted_is_kept_as_it_is_and_seen_as_signs() -> None:
    async with ExplorerApp().run_test(size=(80, 24)) as pilot:
        field = Ask("t", "h")
        pilot.app.push_screen(field)
        await pilot.pause()
        pilot.app.post_message(Paste("a\x1b[31mb\x00c"))
        await press(pilot, "end")
        widget = field.query_exactly_one(Input)
        assert widget.value == "a\x1b[31mb\x00c"
        assert widget.render_lines(widget.size.region)[0].text.startswith("a␛[31mb␀c")


@pytest.mark.parametrize("mode", range(4))
async def test_a_body_that_is_one_long_line_is_inert_in_every_way_to_look_at_it(mode: int) -> None:
    line = MARKUP.encode("utf-8", "replace") + b"\xff\xc3(" + b"<" * 1_000_000 + b"\x1b[2J"
    async with ExplorerApp().run_test(size=(80, 24), notifications=True) as pilot:
        pilot.app.push_screen(BodyScreen(MARKUP, Memory(line)))
        for keys in (["v"] * mode, ["right"] * 3, ["end"], ["home"]):
            await press(pilot, *keys)
            check_drawn(pilot.app)


@pytest.mark.parametrize("size", SIZES)
async def test_the_parts_and_the_differences_of_an_edit_are_inert(size: tuple[int, int]) -> None:
    async with ExplorerApp().run_test(size=size, notifications=True, tooltips=True) as pilot:
        proposed = replace(hostile().request, headers=Headers.of((MARKUP, MARKUP)), body=visible(MARKUP).encode())
        pilot.app.push_screen(Editor(hostile().request, proposed))
        for keys in (("f3",), ("down",) * 3, ("D",), ("f7",), ("tab",) * 4, ("f3",)):
            await press(pilot, *keys)
            check_drawn(pilot.app)


@pytest.mark.parametrize("size", SIZES)
async def test_the_start_screen_shows_names_and_sentences_inert(size: tuple[int, int], tmp_path: Path) -> None:
    local = tmp_path / "sessions" / "local"
    local.mkdir(parents=True)
    name = "[@click=app.quit]x[| \x1b]0;owned\x07 \u202e.jsonl"
    (local / name).write_text(visible(MARKUP))
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


@pytest.mark.parametrize(
    "path", sorted(Path(screens.__path__[0]).parent.rglob("*.py")), ids=lambda path: f"{path.parent.stem}-{path.stem}"
)
def test_text_gets_into_widgets_by_the_one_door(path: Path) -> None:
    tree = ast.parse(path.read_text())
    markup = [
        (node.lineno, name)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (name := getattr(node.func, "id", getattr(node.func, "attr", ""))) in TAKERS
        if node.args and not _is_plain(node.args[0])
        if not any(word.arg == "markup" for word in node.keywords)
    ]
    markup += [
        (node.lineno, "title")
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute)
        if node.targets[0].attr in ("border_title", "border_subtitle") and not _is_plain(node.value)
    ]
    assert markup == []


TAKERS = ("Static", "Label", "Button", "Tick", "Checkbox", "notify")
"""What reads markup in a text that it is given."""


def _is_plain(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return "[" not in text
        case ast.IfExp(body=one, orelse=other):
            return _is_plain(one) and _is_plain(other)
        case ast.Call(func=ast.Name(id="safe")):
            return True
        case _:
            return False
