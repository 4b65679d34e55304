"""The main screen for what others send: each exchange appears when it is over, a command's output beside them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import partial

from textual.binding import Binding
from textual.getters import query_one
from textual.reactive import reactive

from explorer.live import LiveWorkbench
from explorer.recorder.commands import Command
from explorer.recorder.hints import begin_lines
from explorer.state import State
from explorer.ui.contents import status_text
from explorer.ui.panes.lines import Lines
from explorer.ui.pointing import Contents
from explorer.ui.screens.held import HeldScreen
from explorer.ui.screens.stepper import Stepper
from explorer.ui.text import words
from explorer.visible import visible

_EVERY_SECONDS = 0.1
_MOST_LINES = 2_000


class Output:
    """The last lines of a command's output, taken from its thread."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=_MOST_LINES)
        self.count = 0

    def take(self, line: bytes) -> None:
        """Take a line."""
        self._lines.append(visible(line.decode("utf-8", "replace")))
        self.count += 1

    def lines(self) -> list[str]:
        """Return the lines that there are."""
        return list(self._lines)


class LiveStepper(Stepper):
    """Shows a recorder's session, live."""

    BINDINGS = [Binding("h", "held", "Held", id="record.held", tooltip="Look at what is held, edit it, let it go")]
    HELP = """\
    Each exchange that a client makes through the recorder appears here when it is over.
    Go up in the list to look at one; the last one is followed while it is selected.
    `r` sends the selected one again, `e` edits it first: past the recorder, to where it went.
    """

    output = query_one("#output", Lines)
    shown_output: reactive[int] = reactive(0, repaint=False)

    def __init__(
        self, workbench: LiveWorkbench, remark: str = "", command: Command | None = None, output: Output | None = None
    ) -> None:
        super().__init__(workbench, remark)
        self._live = workbench
        self._command = command
        self._output = output
        self._held_text = ""

    def on_mount(self) -> None:
        """Begin to follow."""
        if self._output:
            self.query_exactly_one("#body").add_class("-output")
            self.query_exactly_one("#left").mount(Lines("output", points=False))
        self.set_interval(_EVERY_SECONDS, self._collect)

    def contents(self, state: State) -> Sequence[partial[Contents]]:
        """Return what makes the contents; where there is no exchange yet, of what to type."""
        request, *others = super().contents(state)
        if not self.selected and not state.draft:
            request = partial(self._begin)
        return (request, *others)

    def _begin(self) -> Contents:
        lines = begin_lines(self._live.wanted, self._live.recorder.address, with_clients=self._command is None)
        return Contents("1 Send a client here", [(words(visible(line)),) for line in lines])

    def _collect(self) -> None:
        """Take over what has happened; the last exchange is followed."""
        before = self.state
        state = self._live.collect()
        self._show_held()
        if self._live.problem:
            self._remark = self._live.problem
        if before is None or state.version == before.version:
            self._show_output()
            return
        count = len(before.exchanges)
        follows = len(state.exchanges) > count and self.selected in (0, count) and not state.draft
        self.state = state
        if follows:
            self.selected = len(state.exchanges)
        self._show_output()

    def action_held(self) -> None:
        """Look at what is held, edit it, let it go."""
        held = self._live.recorder.pauses.held
        if held:
            self.app.push_screen(HeldScreen(held[0]))
        else:
            self.app.bell()

    def _show_held(self) -> None:
        """Say what is held; what is no longer is no longer said."""
        held = self._live.recorder.pauses.held
        more = f" (and {len(held) - 1} more)" if len(held) > 1 else ""
        text = f"HELD (h): {held[0].side} {held[0].what}{more}" if held else ""
        if text != self._held_text:
            if self._remark in ("", self._held_text):
                self._remark = text
            self._held_text = text
            self.drawn_soon()

    def _show_output(self) -> None:
        if self._output and self._output.count != self.shown_output:
            self.shown_output = self._output.count
            self.output.show("Output of the command", [(words(line),) for line in self._output.lines()])
            self.output.scroll_end(animate=False)

    def status_text(self, state: State) -> str:
        """Return where it listens, and what is to be said besides."""
        if state.draft:
            return super().status_text(state)
        return f"{state.listening}   {status_text(state, self.size.width - 2 - len(state.listening) - 3)}"
