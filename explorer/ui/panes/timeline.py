"""The timeline: what was exchanged, what is next, what is planned; drawn line by line."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding
from textual.events import Click
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from explorer.insight import Insight
from explorer.state import State
from explorer.ui.entries import Entries
from explorer.ui.panes.styled import StyledScroll
from explorer.ui.rows import group_row, next_row, planned_row, pointed_out, timeline_row
from explorer.ui.rows.findings import strongest_sign
from explorer.ui.text import Row, joined, strip_of, words

MOST_PLAIN = 2_000
"""So many steps are shown as plain text at most."""

_PLAIN_WIDTH = 110

_AROUND = 4
"""A row that comes into view brings a page's so many-th part of rows with it."""


class Timeline(StyledScroll):
    """Lists the exchanges by what they are about, the next request and the planned steps; one row is selected."""

    @dataclass
    class Selected(Message):
        """The user went to another row: `exchange` is its id, 0 for the next request."""

        exchange: int

    class Drawn(Message):
        """What was to be shown is on the screen."""

    BINDINGS = [
        Binding("up,k", "move(-1)", "Up", id="steps.up", show=False),
        Binding("down,j", "move(1)", "Down", id="steps.down", show=False),
        Binding("pageup", "page(-1)", "Page up", id="steps.page-up", show=False),
        Binding("pagedown", "page(1)", "Page down", id="steps.page-down", show=False),
        Binding("home,g", "move(-1000000)", "First", id="steps.first", show=False),
        Binding("end,G", "move(1000000)", "Last", id="steps.last", show=False),
    ]
    HELP = """\
    The exchanges, those of one blob or manifest together, attempts under their step; `o` puts them by time.
    Then the next request (▸), and the planned steps (·).
    """
    COMPONENT_CLASSES = {"lines--cursor"}
    DEFAULT_CSS = "Timeline > .lines--cursor { background: $block-cursor-blurred-background; }"

    def __init__(self, id: str, insight: Insight) -> None:
        super().__init__(id=id)
        self._state: State | None = None
        self._insight = insight
        self._on_path: frozenset[int] = frozenset()
        self._sending = ""
        self._selected = 0
        self._drawn = (-1, 0, 0)
        self._cursor = 0
        self._is_unpainted = self._is_awaited = False
        self.entries = Entries(insight)

    def show(self, state: State, selected: int, sending: str = "", picked: str = "") -> bool:
        """Show a state with one exchange selected (0: the next request); `picked` is the filter, for the title.

        Where only the selection is another one, two rows are drawn. Returns whether Drawn will tell of it.
        """
        is_same = self._state is state and self._sending == sending
        if not is_same and (self._state is None or state.path != self._state.path):
            self._on_path = frozenset(state.path)
        self._state, self._sending, self._selected = state, sending, selected
        self.entries.follow(state)
        count = len(state.exchanges)
        more = "…" if self.entries.is_behind(state) else ""
        only = f"{self.entries.shown}{more} of {count} by {picked}" if picked else f"{count} exchanged"
        self.entitle(f"0 Steps: {only}")
        self.extend(self.scrollable_content_region.width, len(self.entries))
        self._point(self.entries.row_of(selected), len(state.planned))
        drawn = (self.entries.edition, len(self.entries), id(self._insight.findings))
        if not is_same or drawn != self._drawn:
            self._drawn = drawn
            self._is_unpainted = True
            self.refresh()
        self._is_awaited = self._is_unpainted and self.screen.is_current and self.is_on_screen
        return self._is_awaited

    def _point(self, row: int, planned: int) -> None:
        before, self._cursor = self._cursor, row
        self._bring_into_view(row, row + min(2, planned))
        if row != before:
            self._is_unpainted = True
            self.refresh_line(before)
            self.refresh_line(row)

    def _bring_into_view(self, first: int, last: int) -> None:
        """Scroll to rows that are not seen; some of those around them come with them, so that it is done seldom."""
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        around = height // _AROUND
        if first < top:
            self.scroll_to(y=first - around, animate=False, force=True)
        elif last >= top + height:
            self.scroll_to(y=min(first, last - height + 1 + around), animate=False, force=True)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw what is seen of some rows, and tell of it where that is waited for."""
        self._is_unpainted = False
        if self._is_awaited:
            self._is_awaited = False
            self.post_message(self.Drawn())
        return super().render_lines(crop)

    @property
    def text(self) -> str:
        """The steps as plain text, a line each; the selected one has the sign in its margin. Of many, those near it."""
        first = max(0, self._cursor - MOST_PLAIN // 2)
        rows = range(first, min(len(self.entries), first + MOST_PLAIN))
        drawn = ((row, self._row(row, _PLAIN_WIDTH)) for row in rows)
        return joined(pointed_out(what) if row == self._cursor else what for row, what in drawn)

    def action_move(self, rows: int) -> None:
        """Select another row."""
        # Keys may come faster than the screen is drawn, and each counts from where the last one led.
        self._go_to(self.entries.moved(self._selected, rows))

    def action_page(self, pages: int) -> None:
        """Select a row one page further."""
        self.action_move(pages * max(1, self.size.height - 1))

    def on_click(self, event: Click) -> None:
        """Select the row that was clicked."""
        offset = event.get_content_offset(self)
        id = self.entries.at(offset.y + self.scroll_offset.y) if offset is not None else None
        if id is not None:
            self._go_to(id)

    def _go_to(self, selected: int) -> None:
        """Draw the row that is selected while the screen is told of it."""
        self._selected = selected
        self._point(self.entries.row_of(selected), len(self._state.planned) if self._state else 0)
        self.post_message(self.Selected(selected))

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width = self.size.width
        row = y + self.scroll_offset.y
        base = self.base
        drawn = self._row(row, width)
        if row == self._cursor:
            base += self.style_of("cursor")
            drawn = pointed_out(drawn)
        return strip_of(drawn, self.style_of, base).adjust_cell_length(width, base)

    def _row(self, row: int, width: int) -> Row:
        state = self._state
        if state is None or row >= len(self.entries):
            return (words(""),)
        kind, index = self.entries[row]
        match kind:
            case "group":
                group = self._insight.group(index + 1)
                return group_row(group.label if group else "", width, self.entries.letter(index))
            case "exchange":
                sign = strongest_sign(self._insight.findings_of(index + 1))
                attempt = self.entries.attempts[index]
                letter = self.entries.letter(index)
                return timeline_row(state, index + 1, attempt, self._on_path, sign, width, letter)
            case "next":
                return next_row(state, width, self._sending)
            case _:
                return planned_row(state.planned[index], width)
