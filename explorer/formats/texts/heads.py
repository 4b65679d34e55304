"""Heads of HTTP messages as they stand in texts: lines, some of them broken or without their ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from explorer.formats.drafts import told_size
from explorer.model import Header, Headers, Response

REQUEST_LINE = re.compile(r"([A-Z][A-Z_-]{1,19}) (\S+)(?: (HTTP/\d(?:\.\d)?))?\s*")
STATUS_LINE = re.compile(r"HTTP/(\d(?:\.\d)?)[ \t]+(\d{3})(?:[ \t]+(.*?))?\s*")
HEADER_LINE = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}):([ \t]*)(.*)", re.DOTALL)
_BROKEN = re.compile(r"[\w.~%&=:/?#+,;-]{4,}")
_GLUED = re.compile(r" (?=[A-Z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*: )")
_MOST_LINES = 2000
_LONGEST_VALUE = 64 * 1024
_AT_ONCE = 40
_SHORT = 200  # a line of fewer characters is remembered


@dataclass(slots=True)
class Head:
    """The head of a message that is being read: its first line, its headers, and its lines as they came."""

    line: int
    first: str
    rows: list[Header] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    rejoined: list[str] = field(default_factory=list)  # names of headers that were broken over lines

    @property
    def is_answer(self) -> bool:
        """Whether it is an answer's."""
        return self.first.startswith("HTTP/")

    def add(self, text: str) -> bool:
        """Take a header line, or what a header line was broken into; False where it is neither."""
        if len(self.lines) >= _MOST_LINES:
            return False
        if self.first.endswith(" "):  # whoever pasted it filled all of the lines up, so the blanks are none of the wire
            text = text.rstrip()
        if row := _short_row(text) if len(text) < _SHORT else _row(text):
            self.rows.append(row)
            self.lines.append(text)
            return True
        return self.rejoin(text)

    def add_all(self, texts: list[str], at: int) -> int:
        """Take lines from a place on for as long as they are header lines, some tens at once; return how many."""
        if self.first.endswith(" "):
            return 0
        rows, end = self.rows, at
        for text in texts[at : at + min(_AT_ONCE, _MOST_LINES - len(self.lines))]:
            row = _short_row(text) if len(text) < _SHORT else _row(text)
            if row is None:
                break
            rows.append(row)
            end += 1
        self.lines += texts[at:end]
        return end - at

    def rejoin(self, text: str) -> bool:
        """Take a line that a long value was broken into; False where it can be none."""
        if not self.rows or not _BROKEN.fullmatch(text.strip()):
            return False
        last = self.rows[-1]
        if not 16 <= len(last.value) <= _LONGEST_VALUE:
            return False
        self.rows[-1] = last._replace(value=last.value + text.strip())
        self.lines[-1] += text.strip()
        self.rejoined.append(last.name)
        return True

    def length(self) -> int:
        """Return the size of the body in bytes that its Content-Length tells; 0 where it tells none."""
        for row in self.rows:
            if row.name.lower() == "content-length":
                return told_size(row.value) or 0
        return 0

    def raw(self) -> bytes:
        """Return the head as it goes over the wire, ends of lines included."""
        return ("\r\n".join((self.first.rstrip(), *self.lines)) + "\r\n\r\n").encode("latin-1", "replace")

    def response(self) -> Response:
        """Return the answer that the head begins."""
        status, reason, version = (_short_status if len(self.first) < _SHORT else _status)(self.first)
        return Response(status, reason, version, Headers(tuple(self.rows)))


def _status(line: str) -> tuple[int, str, str]:
    """Return status, reason and version of a status line."""
    found = STATUS_LINE.fullmatch(line)
    assert found, "a status line has been matched before"
    return int(found[2]), found[3] or "", f"HTTP/{found[1]}"


_short_status = lru_cache(256)(_status)


def _row(text: str) -> Header | None:
    found = HEADER_LINE.fullmatch(text)
    return Header(found[1], found[3].rstrip("\r\n"), found[2]) if found else None


@lru_cache(4096)
def _short_row(text: str) -> Header | None:
    """Return the header of a short line; most come again and again."""
    return _row(text)


def unglued(text: str) -> list[str]:
    """Return a status line together with the header lines that lost their ends and followed it on the same line."""
    if not STATUS_LINE.match(text) or ": " not in text:
        return [text]
    return _GLUED.split(text)
