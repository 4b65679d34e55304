"""The one door by which text of the wire reaches the screen.

A row is made of spans, a span is text and the name of a style. Whatever the text holds, it comes out here as visible
signs in a Strip, never as markup and never as something that a terminal obeys.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from typing import NamedTuple

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from explorer.visible import shortened, visible, wire_to_text


class Span(NamedTuple):
    """Text fit to be seen, and the name of its style: one of `SPANS`, in `panes/styled.py`."""

    text: str
    style: str = "text"


Row = tuple[Span, ...]

POINTER = "▶"
"""The sign in the margin of what is selected or pointed at, so that no colour is needed to see it."""


def words(text: str, style: str = "text") -> Span:
    """Return the program's own words, or text that is to be read as characters."""
    return Span(visible(text), style)


def wire(text: str, style: str = "text") -> Span:
    """Return text of the wire (one character per byte)."""
    return Span(wire_to_text(text), style)


def safe(text: str) -> Content:
    """Return text as content that is no markup, for the widgets that take one; its line feeds are obeyed."""
    return Content("\n".join(visible(line) for line in text.split("\n")))


def row_width(row: Row) -> int:
    """Return the width of a row in cells."""
    return sum(cell_len(span.text) for span in row)


def wrapped(row: Row, width: int, indent: int = 2) -> list[Row]:
    """Return a row cut into rows of at most `width` cells; those after the first are indented.

    Prose is cut between words; everything else where the width ends, so that nothing is added to it or lost.
    """
    if width < 8 or row_width(row) <= width:
        return [row]
    if row[-1].style in _PROSE and all(cell_len(span.text) == len(span.text) for span in row):
        return _prose(row, width, indent)
    lines: list[list[Span]] = [[]]
    room = width
    for text, style in row:
        start = 0
        for index, character in enumerate(text):
            cells = get_character_cell_size(character)
            if cells > room:
                lines[-1].append(Span(text[start:index], style))
                lines.append([Span(" " * indent, style)])
                start, room = index, width - indent
            room -= cells
        lines[-1].append(Span(text[start:], style))
    return [tuple(line) for line in lines]


def cut(row: Row, width: int) -> Row:
    """Return a row that is wider than so many cells without the middle of its longest span."""
    over = row_width(row) - width
    if not row or over <= 0:
        return row
    longest = max(range(len(row)), key=lambda index: len(row[index].text))
    text, style = row[longest]
    shorter = Span(shortened(text, max(1, len(text) - over)), style)
    return (*row[:longest], shorter, *row[longest + 1 :])


_PROSE = ("prose", "told", "warned", "fits")
_DEEPEST_INDENT = 12


def _prose(row: Row, width: int, indent: int) -> list[Row]:
    """Return a row whose last span is cut between words, and goes on below its own beginning where that is near."""
    *front, text = row
    before = row_width(tuple(front))
    hang = before if before <= min(_DEEPEST_INDENT, width // 3) else indent if front else 0
    lines = textwrap.wrap(text.text, width, initial_indent="x" * min(before, width - 1), subsequent_indent=" " * hang)
    if not lines:
        return [row]
    first = (*front, Span(lines[0][min(before, width - 1) :], text.style))
    return [first, *((Span(line, text.style),) for line in lines[1:])]


def pointed_strip(strip: Strip, base: Style, *, is_at_hand: bool, width: int) -> Strip:
    """Return a line of so many cells with its margin of one: the sign is in it where the line is pointed at."""
    margin = Strip([Segment(POINTER if is_at_hand else " ", base)], 1)
    return Strip.join([margin, strip.adjust_cell_length(max(0, width - 1), base)])


def strip_of(row: Row, style_of: Callable[[str], Style], base: Style) -> Strip:
    """Return a row as it is drawn."""
    return Strip(Segment(visible(text), base + style_of(style)) for text, style in row if text)


def joined(rows: Iterable[Row]) -> str:
    """Return rows as plain text, a line each."""
    return "\n".join("".join(span.text for span in row) for row in rows)
