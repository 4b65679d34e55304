"""A scrolling view of lines, drawn line by line: only what is seen costs anything. One line is pointed at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from textual.binding import Binding
from textual.events import Blur, Click, Focus, Resize
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from explorer.errors import Problem
from explorer.ui.panes.styled import StyledScroll
from explorer.ui.pointing import Contents, Line, Pointed
from explorer.ui.text import Row, cut, joined, pointed_strip, row_width, strip_of, words, wrapped
from explorer.visible import visible

_LEAST_TEXT = 32
"""So many cells are left for the text beside the margin; what does not fit into the rest is cut."""

_LEAST_MARGIN = 10
"""Below so many cells there is no margin."""


class _Drawn(NamedTuple):
    """One line as it is drawn: its part of the row, its margin, and which line it belongs to."""

    row: Row
    margin: Row
    line: int


class Lines(StyledScroll):
    """Lines of text, wrapped to the width of the view; with the focus, the arrows point at one of them."""

    @dataclass
    class PointedAt(Message):
        """The user points at a line, which is `about` that part of an exchange; None: about none."""

        about: Pointed | None

    BINDINGS = [
        Binding("up,k", "point(-1)", "Up", id="lines.up", show=False),
        Binding("down,j", "point(1)", "Down", id="lines.down", show=False),
        Binding("pageup", "page(-1)", "Page up", id="lines.page-up", show=False),
        Binding("pagedown", "page(1)", "Page down", id="lines.page-down", show=False),
        Binding("home,g", "point(-1000000)", "First", id="lines.first", show=False),
        Binding("end,G", "point(1000000)", "Last", id="lines.last", show=False),
        Binding("M", "plain", "Plain text", id="lines.plain", show=False, tooltip="In the terminal itself, to copy"),
    ]
    COMPONENT_CLASSES = {"lines--cursor"}
    DEFAULT_CSS = "Lines > .lines--cursor { background: $primary 25%; }"

    def __init__(self, id: str, *, points: bool = True) -> None:
        """Make a view; one that does not point scrolls only."""
        super().__init__(id=id)
        self._lines: tuple[Line, ...] = ()
        self._drawn: list[_Drawn] = []
        self._margin = 0
        self._wrapped_to = 0
        self._points = points
        self._promised: Callable[[], Contents] | None = None
        self.cursor = 0

    def promise(self, contents: Callable[[], Contents]) -> None:
        """Show what `contents` makes once that is asked for: by `keep`, or by a look at what is here."""
        self._promised = contents

    def keep(self) -> None:
        """Show what was promised."""
        promised, self._promised = self._promised, None
        if promised:
            self.show(*promised())

    def show(self, title: str, lines: Iterable[Line | Row], subtitle: str = "") -> None:
        """Show lines from their beginning under a title; the same lines again leave the view where it is."""
        self._promised = None
        self.entitle(title, subtitle)
        given = tuple(line if isinstance(line, Line) else Line(line) for line in lines)
        if given == self._lines:
            return
        is_same_place = [one.about for one in given] == [one.about for one in self._lines]
        self._lines = given
        self._wrapped_to = 0
        if self.size:  # else it is not seen, and is laid out when it is drawn again
            self._lay_out()
        if not is_same_place:
            self.cursor = 0
            self.scroll_home(animate=False)
        if self.has_focus:
            self._tell()

    @property
    def text(self) -> str:
        """What is shown, as plain text, unwrapped, without the margin."""
        self.keep()
        return joined(line.row for line in self._lines)

    @property
    def about(self) -> Pointed | None:
        """What the line that is pointed at is about."""
        self.keep()
        return self._lines[self.cursor].about if self._points and self.cursor < len(self._lines) else None

    def on_resize(self, _: Resize) -> None:
        """Wrap to the new width, if that was not done when it was drawn."""
        if self._wrapped_to != self._room():
            self._lay_out()

    def on_focus(self, _: Focus) -> None:
        """Show where the cursor is."""
        self.refresh()
        self._tell()

    def on_blur(self, _: Blur) -> None:
        """Hide the cursor."""
        self.refresh()

    def on_click(self, event: Click) -> None:
        """Point at the line that was clicked."""
        offset = event.get_content_offset(self)
        row = offset.y + self.scroll_offset.y if offset else len(self._drawn)
        if self._points and row < len(self._drawn):
            self.action_point(self._drawn[row].line - self.cursor)

    def action_point(self, lines: int) -> None:
        """Point at another line."""
        self.keep()
        if not self._points:
            self.scroll_relative(y=max(-self.virtual_size.height, min(lines, self.virtual_size.height)), animate=False)
            return
        self.cursor = max(0, min(len(self._lines) - 1, self.cursor + lines))
        rows = [index for index, drawn in enumerate(self._drawn) if drawn.line == self.cursor]
        if rows:
            self.scroll_to_region(Region(0, rows[0], 1, len(rows)), animate=False, force=True)
        self.refresh()
        self._tell()

    def action_page(self, pages: int) -> None:
        """Point at a line one page further."""
        self.action_point(pages * max(1, self.size.height - 1))

    def action_plain(self) -> None:
        """Show the text in the terminal itself, without frames, to be selected with the mouse."""
        from explorer.ui.plainly import show_plainly

        try:
            show_plainly(self.app, self.text)
        except Problem as problem:
            self.notify(visible(problem.sentence), severity="warning", markup=False)

    def point_at(self, is_sought: Callable[[Pointed], bool]) -> None:
        """Point at the first line that is about what is sought, where there is one."""
        self.keep()
        for index, line in enumerate(self._lines):
            if line.about and is_sought(line.about):
                self.action_point(index - self.cursor)
                return

    def _tell(self) -> None:
        if self._points:
            self.post_message(self.PointedAt(self.about))

    def _room(self) -> int:
        return max(1, self.scrollable_content_region.width - self._points)

    def _lay_out(self) -> None:
        width = self._wrapped_to = self._room()
        longest = max((row_width(tag) for line in self._lines for tag in line.margin), default=0)
        room = min(longest, width - _LEAST_TEXT - 1)
        self._margin = room + 1 if room >= min(longest, _LEAST_MARGIN) > 0 else 0
        self._drawn = [
            _Drawn(row, cut(tag, room), index)
            for index, line in enumerate(self._lines)
            for row, tag in zip_longest(
                wrapped(line.row, width - self._margin), line.margin if self._margin else (), fillvalue=()
            )
        ]
        self.extend(width + self._points, len(self._drawn))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is seen."""
        self.keep()
        if self._wrapped_to != self._room():
            self._lay_out()
        width = self.size.width
        index = y + self.scroll_offset.y
        base = self.base
        if index >= len(self._drawn):
            return Strip.blank(width, base)
        row, margin, line = self._drawn[index]
        is_at_hand = self._points and self.has_focus and line == self.cursor
        if is_at_hand:
            base += self.style_of("cursor")
        if margin:
            room = self.scrollable_content_region.width - self._points - row_width(margin)
            row = (*row, words(" " * max(1, room - row_width(row))), *margin)
        strip = strip_of(row, self.style_of, base)
        if not self._points:
            return strip.adjust_cell_length(width, base)
        return pointed_strip(strip, base, is_at_hand=is_at_hand, width=width)
