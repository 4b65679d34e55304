"""A screen whose insight keeps up with a session: at once where little is new, in a thread where much is."""

from __future__ import annotations

import time

from textual import work
from textual.worker import get_current_worker

from explorer.state import State
from explorer.ui.screens.working import WorkingScreen

AT_ONCE = 100
"""So many new exchanges are looked at before the screen is drawn; more of them beside it."""

_SLICE = 20
_BREATH = 0.005
"""Seconds between two slices, in which keys have their turn."""


class FollowingScreen(WorkingScreen):
    """Looks at what is new of a session without holding up the keys."""

    _is_catching_up = False

    def caught_up(self) -> None:
        """Show what has become known; each screen has its own way."""

    def follow(self, state: State) -> None:
        """Look at what is new, or begin to."""
        if self._is_catching_up:
            return
        if self.insight.behind(state.exchanges) <= AT_ONCE:
            self.insight.follow(state.exchanges)
            return
        self._is_catching_up = True
        self._catch_up(state)

    @work(thread=True, group="insight", exit_on_error=False, description="look at the exchanges")
    def _catch_up(self, state: State) -> None:
        worker = get_current_worker()
        while self.insight.behind(state.exchanges) and not worker.is_cancelled:
            self.insight.follow(state.exchanges, self.insight.count + _SLICE)
            time.sleep(_BREATH)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._is_through)

    def _is_through(self) -> None:
        self._is_catching_up = False
        self.caught_up()
