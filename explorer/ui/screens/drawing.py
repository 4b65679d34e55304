"""A screen whose panes follow the cursor of its timeline: the row that a key leads to is drawn at once.

What the other panes show is made and drawn after that row, once for several keys that come one upon the other.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

from textual.getters import query_one
from textual.widgets import Static

from explorer import garbage
from explorer.state import State
from explorer.stepping import Blocked
from explorer.ui.contents import (
    answer_contents,
    meaning_contents,
    request_contents,
    status_text,
    title_text,
)
from explorer.ui.panes.footer import KeyLine
from explorer.ui.panes.lines import Lines
from explorer.ui.pointing import Contents
from explorer.ui.screens.replaying import ReplayingScreen
from explorer.ui.text import safe
from explorer.workbench import Workbench

_BREATH = 0.0001
"""Seconds in which the thread that writes the steps to the terminal has its turn, before the rest is made."""


class DrawingScreen(ReplayingScreen):
    """Draws a session: its steps, the request, the answer, what both mean."""

    request = query_one("#request", Lines)
    answer = query_one("#answer", Lines)
    meaning = query_one("#meaning", Lines)
    title_bar = query_one("#title", Static)
    status_bar = query_one("#status", Static)
    keys = query_one(KeyLine)

    def __init__(self, workbench: Workbench, remark: str = "") -> None:
        super().__init__(workbench, remark)
        self._is_drawing = False
        self._promised: tuple[State, tuple[object, ...]] | None = None
        self._is_painted = False
        self._titled = ""
        self._said = ""

    def watch_state(self) -> None:
        """Draw."""
        self.drawn_soon()

    def watch_selected(self) -> None:
        """Draw."""
        self.drawn_soon()

    def watch_sending(self) -> None:
        """Draw."""
        self.drawn_soon()

    def watch_pointed(self) -> None:
        """Draw."""
        self.drawn_soon()

    def drawn_soon(self) -> None:
        """Draw once, after all that is changing now has changed."""
        if not self._is_drawing:
            self._is_drawing = True
            self.call_next(self.draw)

    def draw(self) -> None:
        """Draw the steps at once, and the rest after them."""
        self._is_drawing = False
        state = self.state
        if state is None or not self.is_running:
            return
        if self._is_painted:
            self.follow(state)
        is_awaited = self.timeline.show(state, self.selected, "sending" if self.sending else "", self.picked)
        self._promise(state)
        self._draw_title(state)
        self._draw_status(state)
        if not is_awaited:
            self.call_after_refresh(self.draw_rest)

    def on_timeline_drawn(self) -> None:
        """Draw the rest, now that the steps are drawn."""
        self.draw_rest()

    def draw_rest(self) -> None:
        """Draw the panes that follow the steps, and the keys, if there is nothing newer to be drawn."""
        if not self.is_running or self._is_drawing:
            return
        if not self._is_painted:
            self._is_painted = True
            garbage.keep()  # what there is by now stays; no collection has to go through it while a key waits
            self.draw()
        time.sleep(_BREATH)
        self._keep()

    def draw_first(self) -> None:
        """Draw everything for the first frame; what can be inferred comes in the one after it."""
        self.draw()
        self._keep()

    def _promise(self, state: State) -> None:
        """Promise the panes their contents, where those can be other ones than they were promised."""
        width = self.meaning.scrollable_content_region.width
        known = (self.insight.count, id(self.insight.findings))
        wanted = (state, (self.selected, self.pointed, bool(self.sending), width, *known))
        if self._promised and self._promised[0] is state and self._promised[1] == wanted[1]:
            return
        self._promised = wanted
        for pane, make in zip(self._following(), self.contents(state), strict=True):
            pane.promise(make)

    def _keep(self) -> None:
        for pane in self._following():
            pane.keep()
        self.keys.tell_the_truth()

    def _following(self) -> tuple[Lines, Lines, Lines]:
        return self.request, self.answer, self.meaning

    def contents(self, state: State) -> Sequence[partial[Contents]]:
        """Return what makes the contents of the request, the answer and the meaning."""
        selected, insight = self.selected, self.insight
        width = self.meaning.scrollable_content_region.width
        return (
            partial(request_contents, state, selected, insight, is_sending=bool(self.sending)),
            partial(answer_contents, state, selected, insight),
            partial(meaning_contents, state, selected, insight, self.pointed, width),
        )

    def _draw_title(self, state: State) -> None:
        text = title_text(state)
        if text != self._titled:
            self._titled = text
            self.title_bar.update(safe(text), layout=False)

    def _draw_status(self, state: State) -> None:
        text = self.under_way or self._remark or self.status_text(state)
        if text != self._said:
            self._said = text
            self.status_bar.update(safe(text))
        self.status_bar.set_class(isinstance(state.outcome, Blocked) and not self.sending, "-bad")

    def status_text(self, state: State) -> str:
        """Return what is said below the panes while there is nothing else to say."""
        return status_text(state, self.size.width - 2)
