"""An app that opens sessions: each in a thread, while the keys for it wait, and each closed when it is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual import work

from explorer.errors import Problem
from explorer.frozen import frozen
from explorer.ui.beginning import taken_apart
from explorer.ui.manners import MannersApp
from explorer.ui.turns import Free
from explorer.visible import visible

if TYPE_CHECKING:
    from explorer.jobs import OpenedRecording
    from explorer.ui.screens.start import Start
    from explorer.workbench import Workbench


@frozen
class Left:
    """How the app was left: the exit status, and the recordings that were made."""

    status: int
    recordings: tuple[str, ...]


class OpeningApp(MannersApp):
    """Opens what is to be worked on."""

    def __init__(self) -> None:
        super().__init__()
        self._opened: list[Workbench] = []
        self.left = Left(0, ())

    def exit(self, *arguments: Any, **named: Any) -> None:
        """Leave; what is being sent is stopped, since its thread would hold up the end."""
        for workbench in self._opened:
            workbench.stop()
        super().exit(*arguments, **named)

    @property
    def start_screen(self) -> Start | None:
        """The start screen, where that is the one in front."""
        from explorer.ui.screens.start import Start

        return self.screen if isinstance(self.screen, Start) else None

    def open(self, make: Callable[[], Workbench | OpenedRecording]) -> None:
        """Read what is to be worked on, off the screen's own loop, and show it. One at a time."""
        if not self.opening:
            self.opening = True
            self._make(make)

    @work(thread=True, group="open", exit_on_error=False, description="open")
    def _make(self, make: Callable[[], Workbench | OpenedRecording]) -> None:
        try:
            made = make()
        except Problem as problem:
            self.call_from_thread(self._say, problem.sentence)
            return
        workbench, remark = taken_apart(made)
        self.call_from_thread(self._show, workbench, remark)

    def _say(self, sentence: str) -> None:
        start = self.start_screen
        if start:
            start.say(sentence)
        else:
            self.notify(visible(sentence), severity="error", markup=False)
        self.bell()
        self._is_through("nothing came of it")

    def _show(self, workbench: Workbench, remark: str) -> None:
        if self.start_screen:
            self.start_screen.say("")
        from explorer.ui.screens.stepper import Stepper

        self._opened.append(workbench)
        self.push_screen(Stepper(workbench, remark, is_first=False), lambda _: self._finish(workbench))
        self._is_through("")

    def _is_through(self, why: str) -> None:
        self.opening = False
        self.post_message(Free(why))

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
