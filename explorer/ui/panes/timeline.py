"""The timeline: what was exchanged, what is next, what is planned; drawn line by line."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from explorer.state import State
from explorer.ui.panes.styled import StyledScroll
from explorer.ui.rows import next_row, planned_row, timeline_row
from explorer.ui.text import Row, strip_of, words


class Timeline(StyledScroll):
    """Lists the exchanges, the next request and the planned steps; one row is selected."""

    @dataclass
    class Selected(Message):
        """The user went to another row: `exchange` is its id, 0 for the next request."""

        exchange: int

    BINDINGS = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g", "move(-1000000)", "First", show=False),
        Binding("end,G", "move(1000000)", "Last", show=False),
    ]
    HELP = "The exchanges in the order they happened, the next request (▸), and the planned steps (·)."
    COMPONENT_CLASSES = {"timeline--cursor"}
    DEFAULT_CSS = "Timeline > .timeline--cursor { background: $block-cursor-blurred-background; }"

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._state: State | None = None
        self._attempts: list[int] = []
        self._of_step: dict[tuple[int, str], int] = {}
        self._on_path: frozenset[int] = frozenset()
        self._sending = ""
        self.cursor = 0

    def show(self, state: State, selected: int, sending: str = "") -> None:
        """Show a state with one exchange selected (0: the next request)."""
        self._state = state
        self._sending = sending
        self._on_path = frozenset(state.path)
        for exchange in state.exchanges[len(self._attempts) :]:
            key = (exchange.after, exchange.title)
            self._of_step[key] = self._of_step.get(key, 0) + 1
            self._attempts.append(self._of_step[key])
        self.cursor = selected - 1 if selected else len(state.exchanges)
        self.border_title = f"Steps: {len(state.exchanges)} exchanged"
        self.virtual_size = Size(self.scrollable_content_region.width, len(state.exchanges) + 1 + len(state.planned))
        self.scroll_to_region(Region(0, self.cursor, 1, 1 + min(2, len(state.planned))), animate=False, force=True)
        self.refresh()

    def action_move(self, rows: int) -> None:
        """Select another row."""
        if self._state:
            last = len(self._state.exchanges)
            row = max(0, min(last, self.cursor + rows))
            self.post_message(self.Selected(row + 1 if row < last else 0))

    def action_page(self, pages: int) -> None:
        """Select a row one page further."""
        self.action_move(pages * max(1, self.size.height - 1))

    def on_click(self, event: Click) -> None:
        """Select the row that was clicked."""
        offset = event.get_content_offset(self)
        if offset is not None:
            self.action_move(offset.y + self.scroll_offset.y - self.cursor)

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width = self.size.width
        index = y + self.scroll_offset.y
        base = self.rich_style
        if index == self.cursor:
            base += self.get_component_rich_style("timeline--cursor", partial=True)
        return strip_of(self._row(index, width), self.style_of, base).adjust_cell_length(width, base)

    def _row(self, index: int, width: int) -> Row:
        state = self._state
        if state is None:
            return (words(""),)
        if index < len(state.exchanges):
            return timeline_row(state, state.exchanges[index], self._attempts[index], self._on_path, width)
        planned = index - len(state.exchanges) - 1
        if planned < 0:
            return next_row(state, width, self._sending)
        return planned_row(state.planned[planned], width) if planned < len(state.planned) else ()
