"""A screen on which things are found: by a filter, by failure, by where a value came from or went."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual.getters import query_one
from textual.reactive import reactive

from explorer.errors import InputError
from explorer.origins import Source
from explorer.standing import next_sources
from explorer.state import State
from explorer.ui.panes.filter_bar import FilterBar
from explorer.ui.panes.lines import Lines
from explorer.ui.panes.timeline import Timeline
from explorer.ui.pointing import Pointed
from explorer.ui.screens.following import FollowingScreen
from explorer.workbench import Workbench

if TYPE_CHECKING:
    from explorer.filters import Filter

_WHILE = 0.04
_BREATH = 0.005
"""Seconds in which exchanges are looked at for a filter, and in which keys have their turn."""

_SHOWN_EVERY = 0.2
"""Seconds between two states that are shown of a list that is being picked."""


class FindingScreen(FollowingScreen):
    """Has a timeline with a filter, and panes whose lines can be pointed at."""

    pointed: reactive[Pointed | None] = reactive(None, repaint=False)

    timeline = query_one("#timeline", Timeline)
    filter_bar = query_one("#filter", FilterBar)

    def __init__(self, workbench: Workbench, remark: str = "") -> None:
        super().__init__(workbench, remark)
        self.picked = ""
        self._filter: Filter | None = None
        self._picked_at = 0.0  # when what is picked was shown last

    def draw(self) -> None:
        """Draw at once; each screen has its own way."""

    def pane(self, name: str, *, focus: bool = False) -> None:
        """Bring a pane into view; each screen has its own way."""
        del name, focus

    def on_lines_pointed_at(self, message: Lines.PointedAt) -> None:
        """Say what is pointed at."""
        self.pointed = message.about

    def caught_up(self) -> None:
        """Put the groups into the list, and draw."""
        self.timeline.entries.pick(self._filter)
        self.drawn_soon()

    async def action_filter(self) -> None:
        """Type what the timeline is to show."""
        await self.filter_bar.open()

    def action_order(self) -> None:
        """Let the steps of one blob or manifest stand together, or all in the order of time."""
        entries = self.timeline.entries
        entries.turn()
        self.remark("The steps of one blob stand together." if entries.is_together else "The steps stand by time.")

    def on_filter_bar_changed(self, message: FilterBar.Changed) -> None:
        """Show only what the filter picks; a filter that cannot be read yet leaves the list as it is."""
        from explorer.filters import parse_filter

        try:
            picked = parse_filter(message.text) if message.text.strip() else None
        except InputError as bad:
            self.filter_bar.complain(bad.sentence)
            return
        self.filter_bar.complain("")
        self.picked = message.text.strip()
        self._filter = picked
        self.timeline.entries.pick(picked)
        self.drawn_soon()

    def follow(self, state: State) -> None:
        """Look at what is new, and go on to pick by the filter."""
        super().follow(state)
        if not self.is_picking and self.timeline.entries.is_behind(state):
            self.is_picking = True
            self.call_after_refresh(self._pick_on)

    def _pick_on(self) -> None:
        """Look at more exchanges for the filter, for a little while, and then again."""
        entries, state = self.timeline.entries, self.state
        until = time.monotonic() + _WHILE
        while state and entries.is_behind(state) and time.monotonic() < until:
            entries.follow(state)
        self.is_picking = bool(state and entries.is_behind(state))
        if self.is_picking:
            self.set_timer(_BREATH, self._pick_on)
        if not self.is_picking or time.monotonic() - self._picked_at > _SHOWN_EVERY:
            self._picked_at = time.monotonic()
            self.drawn_soon()

    def on_filter_bar_left(self) -> None:
        """Go back to the steps."""
        self.timeline.focus()

    def action_failure(self) -> None:
        """Go to the next exchange that failed."""
        found = next(self.timeline.entries.failures(self.state, self.selected), 0) if self.state else 0
        if found:
            self.selected = found
        else:
            self.app.bell()

    def action_origin(self) -> None:
        """Go to the answer that what is pointed at came from."""
        from explorer.ui.following import origin_of

        self._go_to(origin_of(self.pointed, self._sources()) if self.pointed else None)

    def action_use(self) -> None:
        """Go to the next request that carries what is pointed at."""
        from explorer.ui.following import use_of

        self._go_to(use_of(self.pointed, self.insight) if self.pointed else None)

    def _sources(self) -> tuple[Source, ...]:
        if self.pointed is None or self.state is None:
            return ()
        id = self.pointed.exchange
        return self.insight.sources(id) if id else next_sources(self.state, self.insight)

    def _go_to(self, sought: Pointed | None) -> None:
        """Select the exchange that holds a part, and point at the part."""
        from explorer.ui.following import is_like

        if sought is None:
            self.app.bell()
            return
        self.selected = sought.exchange
        name = "request" if sought.side == "request" else "answer"
        self.draw()
        self.pane(name, focus=True)
        self.query_exactly_one(f"#{name}", Lines).point_at(lambda line: is_like(line, sought))
