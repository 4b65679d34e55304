"""A bare Textual list of 100,000 lines, each drawn when it is seen: what a key costs that only moves a cursor."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

ROWS = 100_000


class BareList(ScrollView, can_focus=True):
    """Points at one of many rows."""

    BINDINGS = [Binding("down", "move(1)", "Down"), Binding("pagedown", "move(30)", "Page down")]
    cursor = 0

    def on_mount(self) -> None:
        """Take the extent of the rows."""
        self.virtual_size = Size(60, ROWS)
        self.focus()

    def action_move(self, rows: int) -> None:
        """Point at another row, and draw the two that change; all of them where it is not in view."""
        before, self.cursor = self.cursor, min(ROWS - 1, self.cursor + rows)
        top, height = self.scroll_offset.y, self.size.height
        if self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height * 3 // 4, animate=False, force=True)
        self.refresh_line(before)
        self.refresh_line(self.cursor)

    def render_line(self, y: int) -> Strip:
        """Draw a row."""
        row = y + self.scroll_offset.y
        sign, style = ("▶", Style(reverse=True)) if row == self.cursor else (" ", Style())
        return Strip([Segment(f"{sign}{row:>6} PATCH  send bytes of an upload", style)]).adjust_cell_length(
            self.size.width, style
        )


class BareListApp(App[None]):
    """Shows the list."""

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield BareList()


if __name__ == "__main__":
    BareListApp().run()
