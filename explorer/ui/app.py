"""The app: which screen is shown, and what is worked on. What happens on a screen is the screen's own."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import work
from textual.screen import Screen

from explorer.errors import Problem
from explorer.ui.beginning import (
    start_as_client,
    start_flow,
    start_push,
    start_recording,
    start_replay,
    taken_apart,
    usual,
)
from explorer.ui.commands import FlowCommands
from explorer.ui.manners import MannersApp
from explorer.ui.screens.start import Start
from explorer.visible import visible

if TYPE_CHECKING:
    from explorer.formats.values import Json
    from explorer.jobs import OpenedRecording, PushJob, SessionOptions
    from explorer.model import Session
    from explorer.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Left:
    """How the app was left: the exit status, and the recordings that were made."""

    status: int
    recordings: tuple[str, ...]


class ExplorerApp(MannersApp):
    """registry-explorer in the terminal."""

    TITLE = "registry-explorer"
    CSS_PATH = "app.tcss"
    COMMANDS = MannersApp.COMMANDS | {FlowCommands}
    HELP = "registry-explorer steps through the conversations of the Docker / OCI registry API."

    def __init__(
        self, workbench: Workbench | None = None, remark: str = "", options: SessionOptions | None = None
    ) -> None:
        super().__init__()
        self._options = options
        self._given = workbench
        self._remark = remark
        self._opened: list[Workbench] = []
        self.left = Left(0, ())

    @property
    def options(self) -> SessionOptions:
        """What holds for what is begun here."""
        return usual(self._options)

    def exit(self, *arguments: Any, **named: Any) -> None:
        """Leave; what is being sent is stopped, since its thread would hold up the end."""
        for workbench in (*filter(None, (self._given,)), *self._opened):
            workbench.stop()
        super().exit(*arguments, **named)

    def on_mount(self) -> None:
        """Show the session that was given, or the start screen."""
        for end in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with suppress(NotImplementedError, RuntimeError, ValueError):
                asyncio.get_running_loop().add_signal_handler(end, self.exit)
        self.push_screen(self.first_screen())

    def first_screen(self) -> Screen[None]:
        """Return what is shown first."""
        if self._given is None:
            return Start()
        from explorer.ui.screens.stepper import Stepper

        return Stepper(self._given, self._remark)

    def on_start_chosen(self, message: Start.Chosen) -> None:
        """Do what was chosen on the start screen; what a choice needs is loaded when it is chosen."""
        match message.what:
            case "sample":
                self._open(partial(start_push, None, self._options))
            case "push":
                from explorer.ui.screens.forms import PushForm

                self.push_screen(PushForm(), self._open_push)
            case "open":
                from explorer.ui.screens.forms import OpenForm

                self.push_screen(OpenForm(), self._open_file)
            case "flows":
                from explorer.ui.screens.flow_form import FlowList

                self.push_screen(FlowList(), self.call_flow)
            case "options":
                from explorer.ui.screens.options_form import OptionsForm

                self.push_screen(OptionsForm(self.options), self._take_options)
            case _:
                self._open_file(message.path)

    def call_flow(self, name: str | None) -> None:
        """Ask for the arguments of a conversation and begin it."""
        if name is not None:
            from explorer.ui.screens.flow_form import FlowForm

            self.push_screen(FlowForm(name), partial(self._open_flow, name))

    def _open_flow(self, name: str, words: Json | None) -> None:
        if words is not None:
            self._open(partial(start_flow, name, words, self._options))

    def _open_push(self, job: PushJob | None) -> None:
        if job:
            self._open(partial(start_push, job, self._options))

    def _open_file(self, path: str | None) -> None:
        if path:
            self._open(partial(start_recording, path, self._options))

    def open_replay(self, session: Session, path: str, first: int, to: str) -> None:
        """Open the replay of a session from its exchange `first` on, to a target (empty: where it was)."""
        self._open(partial(start_replay, session, path, first, to, self._options))

    def open_as_client(self, client: str, arguments: Json) -> None:
        """Open the push that a call describes, as another client would make it."""
        self._open(partial(start_as_client, client, arguments, self._options))

    def _take_options(self, options: SessionOptions | None) -> None:
        if options:
            self._options = options
            if isinstance(self.screen, Start):
                self.screen.show_options(options.words)

    @work(thread=True, group="open", exclusive=True, exit_on_error=False, description="open")
    def _open(self, make: Callable[[], Workbench | OpenedRecording]) -> None:
        """Read what is to be worked on, off the screen's own loop, and show it."""
        try:
            made = make()
        except Problem as problem:
            self.call_from_thread(self._say, problem.sentence)
            return
        workbench, remark = taken_apart(made)
        self.call_from_thread(self._show, workbench, remark)

    def _say(self, sentence: str) -> None:
        if isinstance(self.screen, Start):
            self.screen.say(sentence)
        else:
            self.notify(visible(sentence), severity="error", markup=False)
        self.bell()

    def _show(self, workbench: Workbench, remark: str) -> None:
        if isinstance(self.screen, Start):
            self.screen.say("")
        from explorer.ui.screens.stepper import Stepper

        self._opened.append(workbench)
        self.push_screen(Stepper(workbench, remark, is_first=False), lambda _: self._finish(workbench))

    def _finish(self, workbench: Workbench) -> None:
        """Close what was worked on and remember how it ended."""
        self._opened.remove(workbench)
        workbench.close()
        made = (workbench.state.recording,) if workbench.has_recorded else ()
        self.left = Left(workbench.state.status, (*self.left.recordings, *made))

    def finish(self) -> None:
        """Close everything that was opened here."""
        while self._opened:
            self._finish(self._opened[-1])


def run_app(workbench: Workbench | None = None, remark: str = "", options: SessionOptions | None = None) -> Left:
    """Run the app until it is left; a workbench that was given is the caller's to close.

    `options` hold for what is begun in the app besides.
    """
    app = ExplorerApp(workbench, remark, options)
    app.run_as_set()
    if workbench:
        return Left(workbench.state.status, ())
    app.finish()
    return app.left
