"""The app while others are recorded: the main screen grows as they send, and a command may run beside it."""

from __future__ import annotations

import os
from collections.abc import Sequence

from textual import work
from textual.screen import Screen

from explorer.live import LiveWorkbench
from explorer.recorder.commands import Command
from explorer.recorder.hints import reachable, warning_lines
from explorer.ui.app import ExplorerApp
from explorer.ui.screens.recording import LiveStepper, Output

_IDLE_SECONDS = 1.0


class RecordingApp(ExplorerApp):
    """registry-explorer as a recorder."""

    def __init__(self, live: LiveWorkbench, words: Sequence[str]) -> None:
        """Take a workbench that is listening already, and a command; raises InputError where that cannot be started."""
        super().__init__(live)
        self._live = live
        self._output = Output()
        address = reachable(live.recorder.address).authority
        self.command = Command(words, address, self._output.take, os.environ, with_input=False) if words else None

    def get_default_screen(self) -> Screen[None]:
        """Return the main screen, which follows the recorder."""
        warning = " ".join(warning_lines(self._live.wanted, self._live.recorder.address))
        if self.command:
            self._wait(self.command)
        return LiveStepper(self._live, warning, self.command, self._output if self.command else None)

    @work(thread=True, exit_on_error=False, description="command")
    def _wait(self, command: Command) -> None:
        """End the recording when the command ends."""
        status = command.wait()
        self._live.recorder.wait_until_idle(_IDLE_SECONDS)
        self._live.end_listening(f"the command has ended with status {status}")


def run_recording_app(live: LiveWorkbench, words: Sequence[str]) -> int:
    """Run the app until it is left, and return the exit status: the command's, or 0 without one."""
    app = RecordingApp(live, words)
    try:
        app.run_as_set()
    finally:
        if app.command:
            app.command.end()
    return app.command.wait() if app.command else 0
