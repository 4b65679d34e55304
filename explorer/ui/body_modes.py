"""The ways in which a body can be looked at: which there are, and what rows each has. Nothing here draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from explorer.bodies.json_tree import JsonRow, parse, rows
from explorer.bodies.listing import Member
from explorer.bodies.modes import HEX_WIDTH, RAW_WIDTH
from explorer.bodies.rows import LONGEST, TextRows
from explorer.bodies.window import Window
from explorer.frozen import frozen
from explorer.ui.colours import coloured, json_row
from explorer.ui.panes.body_view import hex_row, raw_row
from explorer.ui.text import Row, words


@frozen
class Mode:
    """One way to look at a body: its rows, how many there are, and the widest one in cells."""

    row_of: Callable[[int], Row]
    count: int
    width: int


def hex_mode(window: Window) -> Mode:
    """Return the bytes in hex, sixteen to a row."""
    return Mode(lambda number: hex_row(window, number), -(-window.size // HEX_WIDTH), 78)


def raw_mode(window: Window) -> Mode:
    """Return the bytes one cell each."""
    return Mode(lambda number: raw_row(window, number), -(-window.size // RAW_WIDTH), RAW_WIDTH)


def text_mode(text: TextRows, kind: str) -> Mode:
    """Return the lines, as far as they were read."""

    def row_of(number: int) -> Row:
        return (
            words(f"{number + 1:>7}  ", "dim"),
            *coloured(text.row(number).decode("utf-8", "backslashreplace"), kind),
        )

    return Mode(row_of, text.count, LONGEST + 9)


def files_mode(members: Sequence[Member]) -> Mode:
    """Return the members of a layer."""

    def row_of(number: int) -> Row:
        member = members[number]
        size = words(f"{member.size:>12} ", "accent")
        front = (words(f"{member.mode} ", "dim"), words(f"{member.owner:<14} ", "dim"), size)
        return (*front, words(member.name, "name"), words(f"  {member.note}" if member.note else "", "odd"))

    return Mode(row_of, len(members), 240)


class JsonMode:
    """A JSON document whose parts are folded and unfolded."""

    def __init__(self, data: bytes) -> None:
        """Parse the document; raises ValueError where it is none."""
        self._document = parse(data)
        self._folded: frozenset[str] = frozenset()
        self._rows: list[JsonRow] = [*rows(self._document)]

    def mode(self) -> Mode:
        """Return the rows as they are folded."""
        widest = max((2 * row.depth + len(row.name) + len(row.text) + 6 for row in self._rows), default=0)
        return Mode(lambda number: json_row(self._rows[number]), len(self._rows), widest)

    def toggle(self, number: int) -> None:
        """Fold what a row holds, or unfold it; of a row that holds nothing, what it lies in."""
        row = self._rows[number]
        path = row.path if row.kind in ("object", "list", "end") else row.path.rpartition("/")[0]
        self._folded = self._folded ^ {path}
        self._rows = [*rows(self._document, self._folded)]

    def path(self, number: int) -> str:
        """Return the JSON pointer of a row."""
        return self._rows[number].path if number < len(self._rows) else ""

    def row_with(self, path: str) -> int:
        """Return the first row at a path."""
        return next((number for number, row in enumerate(self._rows) if row.path == path), 0)
