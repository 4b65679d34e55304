"""A screen that keeps up with a session: it reads on in a large file, and then looks at what there is.

What is new is looked at at once where it is little, in a thread where it is much; so keys have their turn.
"""

from __future__ import annotations

import time

from textual import work
from textual.worker import get_current_worker

from explorer import garbage
from explorer.growing import GrowingWorkbench
from explorer.state import State
from explorer.ui.screens.working import WorkingScreen

AT_ONCE = 100
"""So many new exchanges are looked at before the screen is drawn; more of them beside it."""

_SHOWN_EVERY = 0.3
"""Seconds between two states that are shown of a file that is being read."""

_SLICE = 20
_BREATH = 0.005
"""Seconds between two slices, in which keys have their turn."""


class FollowingScreen(WorkingScreen):
    """Looks at what is new of a session without holding up the keys."""

    is_picking = False
    """Whether somebody waits for what a filter picks: what is inferred waits meanwhile."""

    _is_catching_up = False

    @property
    def is_reading(self) -> bool:
        """Whether the file of the session was not read to its end yet."""
        return isinstance(self._bench, GrowingWorkbench) and self._bench.is_reading

    def on_mount(self) -> None:
        """Read on in the file, where it was not read to its end."""
        if isinstance(self._bench, GrowingWorkbench) and self._bench.is_reading:
            self.is_busy = True
            self._read_on(self._bench)

    @work(thread=True, group="wire", exit_on_error=False, description="read the file")
    def _read_on(self, bench: GrowingWorkbench) -> None:
        shown = time.monotonic()
        for state in bench.read_on():
            if bench.is_reading and time.monotonic() - shown > _SHOWN_EVERY:
                self.app.call_from_thread(self._grown, state)
                shown = time.monotonic()
        if self.is_running:
            self.app.call_from_thread(self._all_there, bench)

    def _grown(self, state: State) -> None:
        self.state = state
        self.sending = state.listening

    def _all_there(self, bench: GrowingWorkbench) -> None:
        self.is_busy = False
        self.sending = ""
        self.state = bench.state
        if bench.remark:
            self.remark(bench.remark)

    def caught_up(self) -> None:
        """Show what has become known; each screen has its own way."""

    def follow(self, state: State) -> None:
        """Look at what is new, or begin to."""
        if self._is_catching_up or self.is_reading:
            return
        if self.insight.behind(state.exchanges) <= AT_ONCE:
            self.insight.follow(state.exchanges)
            return
        self._is_catching_up = True
        self._catch_up(state)

    @work(thread=True, group="insight", exit_on_error=False, description="look at the exchanges")
    def _catch_up(self, state: State) -> None:
        worker = get_current_worker()
        with self.insight.catching_up():
            while self.insight.behind(state.exchanges) and not worker.is_cancelled:
                if not self.is_picking:
                    self.insight.follow(state.exchanges, self.insight.count + _SLICE)
                time.sleep(_BREATH)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._is_through)

    def _is_through(self) -> None:
        self._is_catching_up = False
        garbage.keep()  # what is known of the exchanges stays, and is much
        self.caught_up()
