"""A body in pages of lines: as text, hex, raw, JSON by its paths, or the files of a layer; and searched."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from explorer.bodies.json_tree import parse, rows
from explorer.bodies.listing import Member, members
from explorer.bodies.modes import HEX_WIDTH, RAW_WIDTH, hex_parts, modes_of, raw_text
from explorer.bodies.rows import TextRows
from explorer.bodies.searching import search, sought_in
from explorer.bodies.sniffing import HEAD, kind_of
from explorer.bodies.window import Window
from explorer.errors import InputError
from explorer.visible import size_text

PAGE = 20
"""Lines of a page."""

_GROW = 4 * 1024 * 1024
_MOST_PLACES = 10
_TELL_AFTER = 256 * 1024 * 1024


class Pages:
    """A body in one of the ways to look at it; nothing is read that no page needs."""

    def __init__(self, title: str, window: Window, mode: str = "") -> None:
        """Take a window on a body; raises InputError where it cannot be looked at in that way."""
        self.title = title
        self._window = window
        self._modes = modes_of(window)
        self._text = TextRows(window)
        self._listed: list[str] | None = None
        self._at = 0
        self.mode = self._modes[0]
        if mode and mode not in ("text", "hex", "raw", *self._modes):
            raise InputError(f"This body cannot be looked at as {mode}; as {', '.join(self._modes)} it can.")
        self.mode = mode or self.mode

    def close(self) -> None:
        """Let go of the file."""
        self._window.close()

    def summary(self) -> str:
        """Return what it is, in a line."""
        kind = kind_of(self._window.read(0, HEAD)) or "empty"
        others = ", ".join(mode for mode in self._modes if mode != self.mode)
        return f"{self.title}: {size_text(self._window.size)}, {kind}, as {self.mode} (also: {others})"

    def page(self, number: int) -> Iterator[str]:
        """Yield a page, counted from 1, and which it is; raises InputError where there is none of that number."""
        lines = [*self._lines((number - 1) * PAGE, PAGE)] if number > 0 else []
        if not lines and (number != 1 or self._window.size):
            raise InputError(f"There is no page {number}.")
        self._at = number
        yield from lines
        last = self._last_page()
        more = "; more says the next one" if last is None or number < last else ""
        yield f"Page {number}{f' of {last}' if last is not None else ''}{more}."

    def more(self) -> Iterator[str]:
        """Yield the next page."""
        return self.page(self._at + 1)

    def search(self, text: str) -> Iterator[str]:
        """Search the whole body, yield how far that is where it takes long, then where it was found."""
        sought, ignore_case = sought_in(text)
        places: list[int] = []
        count, told = 0, _TELL_AFTER
        for progress in search(self._window, sought, ignore_case=ignore_case):
            count = progress.count
            places += progress.places[: _MOST_PLACES - len(places)]
            if progress.searched >= told:
                told += _TELL_AFTER
                yield f"Searched {size_text(progress.searched)}, found {count} so far."
        yield f"Found {count} time{'' if count == 1 else 's'}."
        for place in places:
            yield f"Byte {place}{self._page_of(place)}"
        if count > len(places):
            yield f"And {count - len(places)} more."

    def _page_of(self, offset: int) -> str:
        if self.mode in ("files", "tree"):
            return ""
        if self.mode == "text":
            while not self._text.is_complete and self._text.read <= offset:
                self._text.grow(_GROW)
            row = self._text.row_at(offset)
        else:
            row = offset // (HEX_WIDTH if self.mode == "hex" else RAW_WIDTH)
        return f", on page {row // PAGE + 1}"

    def _lines(self, start: int, count: int) -> Iterator[str]:
        match self.mode:
            case "text":
                while self._text.count <= start + count and not self._text.is_complete:
                    self._text.grow(_GROW)
                numbers = range(start, min(start + count, self._text.count))
                yield from (self._text.row(number).decode("utf-8", "backslashreplace") for number in numbers)
            case "hex":
                yield from ("  ".join(hex_parts(self._window, row)) for row in self._rows(start, count, HEX_WIDTH))
            case "raw":
                yield from (raw_text(self._window, row) for row in self._rows(start, count, RAW_WIDTH))
            case _:
                yield from self._whole()[start : start + count]

    def _rows(self, start: int, count: int, width: int) -> Iterator[int]:
        return islice(iter(range(start, -(-self._window.size // width))), count)

    def _whole(self) -> list[str]:
        if self._listed is None:
            self._listed = [_told(one) for one in members(self._window)] if self.mode == "files" else [*self._tree()]
        return self._listed

    def _tree(self) -> Iterator[str]:
        try:
            document = parse(self._window.read(0, self._window.size))
        except ValueError as bad:
            raise InputError(f"It is no JSON document that can be taken apart: {bad}. Look at it as text.") from bad
        nouns = {"object": "an object", "list": "a list"}
        for row in rows(document):
            if row.kind != "end":
                noun = nouns.get(row.kind)
                yield f"{row.path or '/'}: {noun if noun and len(row.text) == 1 else row.text}"

    def _last_page(self) -> int | None:
        match self.mode:
            case "text":
                count = self._text.count if self._text.is_complete else None
            case "hex":
                count = -(-self._window.size // HEX_WIDTH)
            case "raw":
                count = -(-self._window.size // RAW_WIDTH)
            case _:
                count = len(self._whole())
        return None if count is None else max(1, -(-count // PAGE))


def _told(member: Member) -> str:
    note = f", {member.note}" if member.note else ""
    return f"{member.name}, {member.size} bytes, {member.mode}, {member.owner}{note}"
