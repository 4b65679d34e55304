"""A scrolling view of rows, drawn line by line: only what is seen costs anything."""

from __future__ import annotations

from collections.abc import Iterable

from textual.events import Resize
from textual.geometry import Size
from textual.strip import Strip

from explorer.ui.panes.styled import StyledScroll
from explorer.ui.text import Row, joined, safe, strip_of, wrapped


class Lines(StyledScroll):
    """Rows of text, wrapped to the width of the view."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._rows: tuple[Row, ...] = ()
        self._lines: list[Row] = []

    def show(self, title: str, rows: Iterable[Row], subtitle: str = "") -> None:
        """Show rows from their beginning under a title."""
        self.border_title = safe(title).markup
        self.border_subtitle = safe(subtitle).markup
        rows = tuple(rows)
        if rows != self._rows:
            self._rows = rows
            self._lay_out()
            self.scroll_home(animate=False)

    @property
    def text(self) -> str:
        """What is shown, as plain text, unwrapped."""
        return joined(self._rows)

    def on_resize(self, _: Resize) -> None:
        """Wrap to the new width."""
        self._lay_out()

    def _lay_out(self) -> None:
        width = max(1, self.scrollable_content_region.width)
        self._lines = [line for row in self._rows for line in wrapped(row, width)]
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is seen."""
        width = self.size.width
        index = y + self.scroll_offset.y
        if index >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        strip = strip_of(self._lines[index], self.style_of, self.rich_style)
        return strip.adjust_cell_length(width, self.rich_style)
