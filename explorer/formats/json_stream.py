"""JSON read as a stream: the members of an object and the items of an array one after the other, each parsed whole.

The text before an item is forgotten, so memory is that of the largest item. Where an item goes on beyond what was read,
twice as much is read before it is tried again, so that the work stays linear.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from typing import BinaryIO

_PART = 256 * 1024
_BLANKS = " \t\n\r"
_DECODER = json.JSONDecoder()


class JsonError(ValueError):
    """What is wrong, and in which line; `is_cut` where the text just ends."""

    def __init__(self, what: str, line: int, *, is_cut: bool = False) -> None:
        super().__init__(what)
        self.line = line
        self.is_cut = is_cut


class JsonStream:
    """Reads one JSON text. Methods raise JsonError where it is none."""

    def __init__(self, stream: BinaryIO, longest: int) -> None:
        """Begin at the stream's place; a value of more than `longest` characters is refused."""
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._text = ""
        self._at = 0
        self._from = 0  # where the last value begins, until more is read
        self._line = 1
        self._is_at_end = False
        self._longest = longest
        self._more(_PART)
        if self._text.startswith("\ufeff"):
            self._at = 1

    @property
    def line(self) -> int:
        """The line in which it stands."""
        return self._line + self._text.count("\n", 0, self._at)

    def members(self) -> Iterator[str]:
        """Yield the names of an object's members; the value has to be read before the next is asked for."""
        self._expect("{")
        if self._peek() == "}":
            self._at += 1
            return
        while True:
            name = self.value()
            if not isinstance(name, str):
                raise JsonError("a name was expected here", self.line)
            self._expect(":")
            yield name
            if self._next(",}") == "}":
                return

    def items(self) -> Iterator[None]:
        """Yield before each item of an array; the item has to be read before the next is asked for."""
        self._expect("[")
        if self._peek() == "]":
            self._at += 1
            return
        while True:
            yield
            if self._next(",]") == "]":
                return

    def value(self) -> object:
        """Return the next value, parsed."""
        self._peek()
        want = _PART
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as bad:
                is_unsettled = bad.pos >= len(self._text) - 16 or bad.msg.startswith("Unterminated")
                if self._is_at_end or not is_unsettled:
                    is_cut = is_unsettled and self._is_at_end
                    line = self._line + self._text.count("\n", 0, bad.pos)
                    raise JsonError(bad.msg, line, is_cut=is_cut) from bad
            except RecursionError as bad:
                raise JsonError("it is nested too deeply", self.line) from bad
            else:
                if end < len(self._text) or self._is_at_end:
                    self._from, self._at = self._at, end
                    return value
            if len(self._text) - self._at > self._longest:
                raise JsonError(f"a value of more than {self._longest} characters", self.line)
            self._more(max(want, len(self._text) - self._at))

    def values(self) -> Iterator[object]:
        """Yield values that follow each other, with nothing but blanks between them."""
        while self._skip_blanks():
            yield self.value()

    def openings(self) -> int:
        """Return how many braces and brackets the value that was read last has: it is no deeper than that."""
        return self._text.count("{", self._from, self._at) + self._text.count("[", self._from, self._at)

    def skip_to(self, looks_right: Callable[[str, int], int]) -> bool:
        """Go on to where `looks_right(text, start)` finds something (-1: nothing); False where nothing is left."""
        start = self._at + 1
        while True:
            found = looks_right(self._text, start)
            if found >= 0:
                self._at = found
                return True
            if self._is_at_end:
                return False
            start = max(start, len(self._text) - 200)
            gone = start - 1
            self._forget(gone)
            start -= gone
            self._more(_PART)

    def _peek(self) -> str:
        if sign := self._skip_blanks():
            return sign
        raise JsonError("it ends in the middle", self.line, is_cut=True)

    def _skip_blanks(self) -> str:
        """Go on to the next sign, and return it; empty where there is none."""
        while True:
            while self._at < len(self._text):
                sign = self._text[self._at]
                if sign not in _BLANKS:
                    return sign
                self._at += 1
            if self._is_at_end:
                return ""
            self._more(_PART)

    def _next(self, signs: str) -> str:
        sign = self._peek()
        if sign not in signs:
            raise JsonError(f"one of {' '.join(signs)} was expected, and here is {sign!r}", self.line)
        self._at += 1
        return sign

    def _expect(self, sign: str) -> None:
        self._next(sign)

    def _more(self, size: int) -> None:
        self._forget(self._at)
        data = self._stream.read(size)
        self._is_at_end = not data
        self._text += self._decode(data, not data)

    def _forget(self, size: int) -> None:
        self._line += self._text.count("\n", 0, size)
        self._text = self._text[size:]
        self._at = max(0, self._at - size)
