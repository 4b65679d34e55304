"""The app: which screen is shown, and what is worked on. What happens on a screen is the screen's own."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from explorer.ui.beginning import (
    start_as_client,
    start_flow,
    start_push,
    start_recording,
    start_replay,
    usual,
)
from explorer.ui.opening import Left, OpeningApp
from explorer.ui.palettes import flow_commands

if TYPE_CHECKING:
    from explorer.formats.values import Json
    from explorer.jobs import PushJob, SessionOptions
    from explorer.model import Session
    from explorer.ui.screens.start import Start
    from explorer.workbench import Workbench


class ExplorerApp(OpeningApp):
    """registry-explorer in the terminal."""

    TITLE = "registry-explorer"
    CSS_PATH = "app.tcss"
    COMMANDS = OpeningApp.COMMANDS | {flow_commands}
    HELP = "registry-explorer steps through the conversations of the Docker / OCI registry API."

    def __init__(
        self, workbench: Workbench | None = None, remark: str = "", options: SessionOptions | None = None
    ) -> None:
        super().__init__()
        self._options = options
        self._given = workbench
        self._remark = remark

    @property
    def options(self) -> SessionOptions:
        """What holds for what is begun here."""
        return usual(self._options)

    def exit(self, *arguments: Any, **named: Any) -> None:
        """Leave; what is being sent is stopped, since its thread would hold up the end."""
        if self._given:
            self._given.stop()
        super().exit(*arguments, **named)

    def on_mount(self) -> None:
        """Leave when a signal says so."""
        for end in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with suppress(NotImplementedError, RuntimeError, ValueError):
                asyncio.get_running_loop().add_signal_handler(end, self.exit)

    def get_default_screen(self) -> Screen[None]:
        """Return what is shown first: the session that was given, or the start screen."""
        if self._given is None:
            from explorer.ui.screens.start import Start

            return Start()
        from explorer.ui.screens.stepper import Stepper

        return Stepper(self._given, self._remark)

    def on_start_chosen(self, message: Start.Chosen) -> None:
        """Do what was chosen on the start screen; what a choice needs is loaded when it is chosen."""
        match message.what:
            case "sample":
                self.open(partial(start_push, None, self._options))
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
            self.open(partial(start_flow, name, words, self._options))

    def _open_push(self, job: PushJob | None) -> None:
        if job:
            self.open(partial(start_push, job, self._options))

    def _open_file(self, path: str | None) -> None:
        if path:
            self.open(partial(start_recording, path, self._options))

    def open_replay(self, session: Session, path: str, steps: tuple[int, int], to: str) -> None:
        """Open the replay of the first to the last of some steps of a session, to a target (empty: where it was)."""
        self.open(partial(start_replay, session, path, steps, to, self._options))

    def open_as_client(self, client: str, arguments: Json) -> None:
        """Open the push that a call describes, as another client would make it."""
        self.open(partial(start_as_client, client, arguments, self._options))

    def _take_options(self, options: SessionOptions | None) -> None:
        if options:
            self._options = options
            if self.start_screen:
                self.start_screen.show_options(options.words)


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
