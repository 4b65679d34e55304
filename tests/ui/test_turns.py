"""Keys come in bursts: each has its effect before the next one is taken, and what is typed ahead waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from textual.app import App
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input, Static, TextArea

from explorer.model import Request, Response
from explorer.ui.app import ExplorerApp
from explorer.ui.panes.footer import KeyLine
from explorer.ui.screens.editor import Editor
from explorer.ui.screens.stepper import Stepper
from explorer.ui.turns import MOST_AHEAD
from explorer.workbench import Workbench
from tests.ui.conftest import MadeUpWire, as_a_registry
from tests.ui.test_stepper import press

SIZE = (120, 40)

PATIENCE = 30.0
"""Seconds that something may take."""


def burst(app: App[None], *keys: str) -> None:
    """Type keys so fast that none has had an effect when the next one comes."""
    for key in keys:
        app.post_message(Key(key, key if len(key) == 1 else None))


async def until(pilot: Pilot[None], is_so: Callable[[], object]) -> None:
    """Wait until something is so; only a failure takes long."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, status(pilot)
        await pilot.pause(0.01)


def status(pilot: Pilot[None]) -> str:
    """Return the line below the panes, of the main screen."""
    return "".join(str(line.render()) for line in pilot.app.screen.query("#status").results(Static))


def steppers(app: App[None]) -> list[Stepper]:
    """Return the main screens that are open."""
    return [one for one in app.screen_stack if isinstance(one, Stepper)]


@dataclass
class Gate:
    """Lets an answer come when it is opened."""

    opened: threading.Event = field(default_factory=threading.Event)
    reached: threading.Event = field(default_factory=threading.Event)

    def answer(self, request: Request) -> Response:
        """Wait, and answer."""
        self.reached.set()
        assert self.opened.wait(20)
        return as_a_registry(request)


@pytest.fixture
def gate(made_up: MadeUpWire) -> Iterator[Gate]:
    """Return what holds back the answers of the made-up registry."""
    gate = Gate()
    made_up.answer = gate.answer
    yield gate
    gate.opened.set()


async def typed_ahead(pilot: Pilot[None], gate: Gate, *keys: str) -> None:
    """Send a request, and type while it is under way."""
    burst(pilot.app, "enter")
    await until(pilot, gate.reached.is_set)
    burst(pilot.app, *keys)


async def test_a_sign_typed_after_delete_stands_where_the_other_one_was(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=SIZE) as pilot:
        await press(pilot, "e")
        area = pilot.app.screen.query_exactly_one("#head", TextArea)
        before = area.text
        burst(pilot.app, *["right"] * 3, "delete", "?", "left", "backspace", "x")
        await until(pilot, lambda: area.text.startswith(f"{before[:2]}x"))
        assert area.text == f"{before[:2]}x?{before[4:]}"


async def test_what_was_typed_before_sending_is_sent(bench: Workbench, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=SIZE) as pilot:
        burst(pilot.app, "e", "end", *["left"] * 9, "?", "n", "=", "1", "f5")
        await until(pilot, lambda: bench.state.exchanges)
        assert [request.target for request in made_up.asked] == ["/v2/t/r/blobs/uploads/?n=1"]


async def test_what_is_typed_after_tab_goes_into_the_next_field(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=SIZE) as pilot:
        await press(pilot, "e")
        pilot.app.screen.query_exactly_one("#text", TextArea).focus()
        await pilot.pause()
        burst(pilot.app, "a", "tab", "b")
        await until(pilot, lambda: pilot.app.screen.query_exactly_one("#file", Input).value)
        assert pilot.app.screen.query_exactly_one("#text", TextArea).text == "a"
        assert pilot.app.screen.query_exactly_one("#file", Input).value == "b"


async def test_each_enter_sends_one_request(bench: Workbench) -> None:
    async with ExplorerApp(bench).run_test(size=SIZE) as pilot:
        burst(pilot.app, "enter", "enter", "enter")
        await until(pilot, lambda: len(bench.state.exchanges) == 3)
        assert [one.status for one in bench.state.exchanges] == [202, 202, 201]


async def test_keys_for_later_wait_and_are_shown(bench: Workbench, gate: Gate) -> None:
    async with ExplorerApp(bench).run_test(size=SIZE) as pilot:
        await typed_ahead(pilot, gate, "enter", "e")
        await until(pilot, lambda: "then enter e" in status(pilot))
        gate.opened.set()
        await until(pilot, lambda: isinstance(pilot.app.screen, Editor))
        assert len(bench.state.exchanges) == 2


async def test_looking_around_does_not_wait(bench: Workbench, gate: Gate) -> None:
    async with ExplorerApp(bench).run_test(size=SIZE) as pilot:
        await typed_ahead(pilot, gate, "2")
        await until(pilot, lambda: pilot.app.focused is pilot.app.screen.query_exactly_one("#answer"))
        assert not bench.state.exchanges
        gate.opened.set()
        await until(pilot, lambda: bench.state.exchanges)


@pytest.mark.parametrize("key", ["escape", "x"])
async def test_what_waits_can_be_dropped(bench: Workbench, gate: Gate, made_up: MadeUpWire, key: str) -> None:
    async with ExplorerApp(bench).run_test(size=SIZE) as pilot:
        await typed_ahead(pilot, gate, "enter")
        await until(pilot, lambda: "then enter" in status(pilot))
        burst(pilot.app, key)
        await until(pilot, lambda: "then" not in status(pilot))
        gate.opened.set()
        await until(pilot, lambda: bench.state.exchanges and "sending" not in status(pilot))
        await pilot.pause()
        assert len(made_up.asked) == 1
        assert made_up.stops == (key == "x")
        assert isinstance(pilot.app.screen, Stepper)


async def test_nothing_that_was_typed_ahead_is_sent_after_a_surprise(
    bench: Workbench, gate: Gate, made_up: MadeUpWire
) -> None:
    async with ExplorerApp(bench).run_test(size=SIZE) as pilot:
        made_up.answer = lambda request: replace(gate.answer(request), status=503)
        await typed_ahead(pilot, gate, "enter")
        await until(pilot, lambda: "then enter" in status(pilot))
        gate.opened.set()
        await until(pilot, lambda: "Typed" in status(pilot))
        assert len(made_up.asked) == 1
        assert "Typed ahead and not taken, because the answer is a surprise: enter." in status(pilot)


async def test_a_key_that_is_leant_on_sends_nothing_more(bench: Workbench, gate: Gate, made_up: MadeUpWire) -> None:
    async with ExplorerApp(bench).run_test(size=SIZE) as pilot:
        await typed_ahead(pilot, gate, *["enter"] * (MOST_AHEAD + 1))
        await until(pilot, lambda: "Typed ahead and not taken, because there were too many" in status(pilot))
        gate.opened.set()
        await until(pilot, lambda: bench.state.exchanges)
        await pilot.pause()
        assert len(made_up.asked) == 1


async def test_what_is_typed_while_a_session_opens_is_meant_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sessions").mkdir()
    monkeypatch.chdir(tmp_path)
    app = ExplorerApp()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        burst(app, "enter", "enter", "enter")
        await until(pilot, lambda: [len(one.state.exchanges) for one in steppers(app) if one.state] == [2])
    app.finish()


def footer(pilot: Pilot[None]) -> str:
    """Return the words of the line of keys."""
    return pilot.app.screen.query_exactly_one(KeyLine).text


async def test_the_footer_is_true_again_though_it_was_drawn_while_sending(bench: Workbench, gate: Gate) -> None:
    async with ExplorerApp(bench).run_test(size=SIZE) as pilot:
        await typed_ahead(pilot, gate)
        pilot.app.screen.refresh_bindings()
        await until(pilot, lambda: "Stop" in footer(pilot))
        gate.opened.set()
        await until(pilot, lambda: "Send" in footer(pilot) and "Stop" not in footer(pilot))
