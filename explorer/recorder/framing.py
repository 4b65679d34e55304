"""Where a body ends, as its head says (RFC 9112, section 6), and the walk along its bytes.

A walk is given the bytes as they came, says how many of them belong to the message, and finds its content in them; all
of them are passed on as they are. What cannot be told apart is not guessed: it is passed on until the connection ends.
"""

from __future__ import annotations

import re
from typing import Protocol

from explorer.model import Header, Headers

_DIGITS = re.compile(r"[0-9]{1,18}")
_SIZE_LINE = re.compile(rb"([0-9a-fA-F]{1,15})[ \t]*(?:;[^\n]*)?")
_LONGEST_LINE = 64 * 1024


class Walk(Protocol):
    """Goes along a body."""

    is_over: bool
    doubt: str  # why the body's end cannot be told, in words; empty where it can
    trailers: Headers

    @property
    def is_bounded(self) -> bool:
        """Whether the body ends before its connection does."""

    def walk(self, view: memoryview) -> tuple[int, list[memoryview]]:
        """Return how many of the bytes belong to the body's message, and the parts of them that are content."""


class Sized:
    """A body of so many bytes."""

    def __init__(self, length: int) -> None:
        self.left = length
        self.is_over = length == 0
        self.doubt = ""
        self.trailers = Headers()

    @property
    def is_bounded(self) -> bool:
        """Yes."""
        return True

    def walk(self, view: memoryview) -> tuple[int, list[memoryview]]:
        """Take what there is of it."""
        count = min(self.left, len(view))
        self.left -= count
        self.is_over = self.left == 0
        return count, [view[:count]]


class UntilClose:
    """A body that ends where its connection does; `doubt` says why, where that is not as it should be."""

    def __init__(self, doubt: str = "") -> None:
        self.is_over = False
        self.doubt = doubt
        self.trailers = Headers()

    @property
    def is_bounded(self) -> bool:
        """No."""
        return False

    def walk(self, view: memoryview) -> tuple[int, list[memoryview]]:
        """Take all."""
        return len(view), [view]


class Chunked:
    """A body in chunks; where one is malformed, what follows is passed on until the connection ends."""

    def __init__(self) -> None:
        self.is_over = False
        self.doubt = ""
        self.trailers = Headers()
        self._line = bytearray()
        self._left = 0  # of the chunk at hand
        self._is_after_chunk = False
        self._is_in_trailers = False

    @property
    def is_bounded(self) -> bool:
        """Whether all chunks so far were well formed."""
        return not self.doubt

    def walk(self, view: memoryview) -> tuple[int, list[memoryview]]:
        """Go from size line to size line."""
        at, parts = 0, []
        while at < len(view) and not self.is_over:
            if self.doubt:
                parts.append(view[at:])
                return len(view), parts
            if self._left:
                part = view[at : at + self._left]
                self._left -= len(part)
                self._is_after_chunk = self._left == 0
                parts.append(part)
                at += len(part)
            else:
                at = self._walk_line(view, at)
        return at, parts

    def _walk_line(self, view: memoryview, at: int) -> int:
        """Collect a line from `at`, and return where it ends or the view does."""
        piece = bytes(view[at : at + _LONGEST_LINE])
        end = piece.find(b"\n") + 1
        self._line += piece[:end] if end else piece
        if end:
            line = bytes(self._line).rstrip(b"\r\n")
            self._line.clear()
            self._end_line(line)
        elif len(self._line) > _LONGEST_LINE:
            self.doubt = f"a line of a chunked body is longer than {_LONGEST_LINE} bytes"
        return at + (end or len(piece))

    def _end_line(self, line: bytes) -> None:
        if self._is_after_chunk:
            self._is_after_chunk = False
            if line:
                self.doubt = f"the bytes of a chunk are followed by {line[:40]!r} and not by the end of a line"
        elif self._is_in_trailers:
            self._end_trailer(line)
        else:
            found = _SIZE_LINE.fullmatch(line)
            if found is None:
                self.doubt = f"a chunk begins with {line[:40]!r}, which is no size in hex digits"
                return
            self._left = int(found[1], 16)
            self._is_in_trailers = self._left == 0

    def _end_trailer(self, line: bytes) -> None:
        if not line:
            self.is_over = True
            return
        if len(self.trailers) >= 100:
            self.doubt = "the body has more than 100 trailers"
            return
        name, _, rest = line.decode("latin-1").partition(":")
        value = rest.lstrip(" \t")
        self.trailers = Headers((*self.trailers.rows, Header(name, value, rest[: len(rest) - len(value)])))


def framing_of_request(headers: Headers) -> Walk:
    """Return the walk along a request's body."""
    lengths, codings = _lengths_and_codings(headers)
    if codings and lengths:
        return UntilClose("the request has both Content-Length and Transfer-Encoding")
    if codings:
        if [coding.lower() for coding in codings] == ["chunked"]:
            return Chunked()
        return UntilClose(f"the request's Transfer-Encoding is {', '.join(codings)!r}")
    if not lengths:
        return Sized(0)
    if len(set(lengths)) == 1 and _DIGITS.fullmatch(lengths[0]):
        return Sized(int(lengths[0]))
    return UntilClose(f"the request's Content-Length is {', '.join(lengths)!r}")


def framing_of_answer(method: str, status: int, version: str, headers: Headers) -> Walk:
    """Return the walk along an answer's body; one with another coding than chunks ends with its connection."""
    if status == 101 or (method == "CONNECT" and 200 <= status < 300):
        return UntilClose()
    if method == "HEAD" or status < 200 or status in (204, 304):
        return Sized(0)
    lengths, codings = _lengths_and_codings(headers)
    if codings and version != "HTTP/1.0":
        return Chunked() if codings[-1].lower() == "chunked" else UntilClose()
    if not lengths or codings:
        return UntilClose()
    if len(set(lengths)) == 1 and _DIGITS.fullmatch(lengths[0]):
        return Sized(int(lengths[0]))
    return UntilClose(f"the answer's Content-Length is {', '.join(lengths)!r}")


def _lengths_and_codings(headers: Headers) -> tuple[list[str], list[str]]:
    """Return the words of every Content-Length and of every Transfer-Encoding, in one pass."""
    lengths: list[str] = []
    codings: list[str] = []
    for row in headers.rows:
        name = row.name.strip().lower()
        if name == "content-length":
            lengths += [word.strip() for word in row.value.split(",")]
        elif name == "transfer-encoding":
            codings += [word.strip() for word in row.value.split(",")]
    return lengths, codings
