"""A scrolling view of rows, drawn line by line: only what is seen costs anything."""

from __future__ import annotations

from collections.abc import Iterable

from rich.style import Style
from textual.events import Resize
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from explorer.ui.text import STYLES, Row, joined, safe, strip_of, wrapped


class Lines(ScrollView, can_focus=True):
    """Rows of text, wrapped to the width of the view."""

    COMPONENT_CLASSES = {f"lines--{name}" for name in STYLES}
    DEFAULT_CSS = """
    Lines {
        scrollbar-size: 1 1; scrollbar-gutter: stable; overflow-x: hidden;
        border: round $panel-lighten-2; border-title-color: $text; border-subtitle-color: $text-muted;
        &:focus { border: round $primary; }
        & > .lines--text { color: $foreground; }
        & > .lines--dim { color: $foreground-muted; }
        & > .lines--prose { color: $foreground-muted; }
        & > .lines--name { color: $text-primary; }
        & > .lines--good { color: $text-success; }
        & > .lines--bad { color: $text-error; text-style: bold; }
        & > .lines--odd { color: $text-warning; }
        & > .lines--accent { color: $text-accent; }
        & > .lines--title { text-style: bold; }
        & > .lines--edited { color: $text-warning; text-style: bold; }
    }
    """

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._styles: dict[str, Style] = {}
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

    def notify_style_update(self) -> None:
        """Forget the styles of the theme that was in use."""
        self._styles.clear()
        super().notify_style_update()

    def style_of(self, name: str) -> Style:
        """Return the style of that name in the theme in use."""
        style = self._styles.get(name)
        if style is None:
            style = self._styles[name] = self.get_component_rich_style(f"lines--{name}", partial=True)
        return style

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is seen."""
        width = self.size.width
        index = y + self.scroll_offset.y
        if index >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        strip = strip_of(self._lines[index], self.style_of, self.rich_style)
        return strip.adjust_cell_length(width, self.rich_style)
