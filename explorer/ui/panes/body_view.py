"""A view of a body of any size, drawn row by row: as text, in hex, as folded JSON, or as the list of a layer."""

from __future__ import annotations

from collections.abc import Callable

from textual.binding import Binding
from textual.geometry import Region, Size
from textual.strip import Strip

from explorer.bodies.modes import hex_parts, raw_text
from explorer.bodies.window import Window
from explorer.ui.panes.styled import StyledScroll
from explorer.ui.text import Row, Span, joined, pointed_strip, strip_of, words

RowOf = Callable[[int], Row]


def hex_row(window: Window, number: int) -> Row:
    """Return sixteen bytes of a body: their place, their digits, and what of them can be read."""
    place, digits, readable = hex_parts(window, number)
    return (words(f"{place}  ", "dim"), words(digits), words(f"  {readable}", "name"))


def raw_row(window: Window, number: int) -> Row:
    """Return a row of bytes, one cell each."""
    return (words(raw_text(window, number)),)


class BodyView(StyledScroll):
    """Draws the rows that are seen, and points at one of them."""

    BINDINGS = [
        Binding("up,k", "move(-1)", "Up", id="rows.up", show=False),
        Binding("down,j", "move(1)", "Down", id="rows.down", show=False),
        Binding("pageup", "page(-1)", "Page up", id="rows.page-up", show=False),
        Binding("pagedown", "page(1)", "Page down", id="rows.page-down", show=False),
        Binding("home,g", "end(0)", "First", id="rows.first", show=False),
        Binding("end,G", "end(1)", "Last", id="rows.last", show=False),
        Binding("left", "scroll_left", "Left", id="rows.left", show=False),
        Binding("right", "scroll_right", "Right", id="rows.right", show=False),
    ]
    COMPONENT_CLASSES = {"lines--cursor"}
    DEFAULT_CSS = "BodyView { overflow-x: auto; & > .lines--cursor { background: $primary 25%; } }"

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._row_of: RowOf = lambda _: ()
        self._count = 0
        self._width = 0
        self.cursor = 0
        self.sought = ""

    def show(self, row_of: RowOf, count: int, width: int, *, stay: bool = False) -> None:
        """Draw rows by their numbers; `width` is that of the widest one, in cells. `stay` keeps the place."""
        self._row_of, self._count, self._width = row_of, count, width
        self.virtual_size = Size(width + 1, count)
        self.refresh(layout=True)  # for the scrollbar below, which comes and goes
        if not stay:
            self.cursor = 0
            self.scroll_home(animate=False)
        self.refresh()

    def text(self, most: int) -> str:
        """Return the rows from the first one in view on, up to so many, as plain text."""
        first = self.scroll_offset.y
        return joined(self._row_of(number) for number in range(first, min(self._count, first + most)))

    def go_to(self, row: int) -> None:
        """Point at a row and bring it into view."""
        self.cursor = max(0, min(self._count - 1, row))
        self.scroll_to_region(Region(self.scroll_offset.x, self.cursor, 1, 1), animate=False, force=True)
        self.refresh()

    def action_move(self, rows: int) -> None:
        """Point at another row."""
        self.go_to(self.cursor + rows)

    def action_page(self, pages: int) -> None:
        """Point at a row one page further."""
        self.go_to(self.cursor + pages * max(1, self.size.height - 1))

    def action_end(self, end: int) -> None:
        """Point at the first (0) or the last (1) row."""
        self.go_to(self._count if end else 0)

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width = self.size.width
        number = y + self.scroll_offset.y
        base = self.base
        if number >= self._count:
            return Strip.blank(width, base)
        is_at_hand = number == self.cursor
        if is_at_hand:
            base += self.style_of("cursor")
        row = _marked(self._row_of(number), self.sought)
        strip = strip_of(row, self.style_of, base)
        left = self.scroll_offset.x
        return pointed_strip(strip.crop(left, left + width), base, is_at_hand=is_at_hand, width=width)


def _marked(row: Row, sought: str) -> Row:
    """Return a row in which what is sought has a style of its own; case does not matter."""
    if not sought:
        return row
    spans: list[Span] = []
    for text, style in row:
        at = 0
        folded = text.lower()
        while (found := folded.find(sought.lower(), at)) >= 0 and len(folded) == len(text):
            spans += [Span(text[at:found], style), Span(text[found : found + len(sought)], "found")]
            at = found + len(sought)
        spans.append(Span(text[at:], style))
    return tuple(spans)
