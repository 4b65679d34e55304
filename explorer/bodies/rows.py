"""The rows of a text of any size: by its lines, long ones cut. Only every so many rows' place is remembered."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import accumulate

from explorer.bodies.window import Window

LONGEST = 512
"""Lines of more bytes are cut into rows of so many."""

_EVERY = 64
_BLOCK = 4 * 1024 * 1024
_PIECE = 256 * 1024
"""So many bytes are cut into lines at once."""


class TextRows:
    """Knows where each row of a text begins; grows by reading on, in steps that the caller takes."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._marks = array("Q", [0])
        self._at = 0
        self._row_start = 0
        self.count = 0

    @property
    def is_complete(self) -> bool:
        """Whether the whole text was read."""
        return self._at >= self._window.size

    @property
    def read(self) -> int:
        """How many bytes were read."""
        return self._at

    def grow(self, length: int = _BLOCK) -> bool:
        """Read on so many bytes; returns whether there is more."""
        block = self._window.read(self._at, length)
        if not block:
            self._at = self._window.size
        for place in range(0, len(block), _PIECE):
            self._look_at(block[place : place + _PIECE])
        if self.is_complete and self._row_start < self._window.size:
            self._begin(self._window.size)
        return not self.is_complete

    def _begin(self, start: int) -> None:
        """Note that a row is over and the next one begins there."""
        self.count += 1
        self._row_start = start
        if self.count % _EVERY == 0:
            self._marks.append(start)

    def _look_at(self, piece: bytes) -> None:
        """Note where rows begin in what comes next."""
        lengths = [*map(len, piece.split(b"\n"))]
        lengths[0] += self._at - self._row_start
        if max(lengths) >= LONGEST:
            for end in _ends(piece, self._at, self._row_start):
                self._begin(end)
        else:
            # Each line is a row. What stands behind the last line feed goes on in the next piece.
            last = lengths.pop()
            ends = [*accumulate(lengths, initial=self._row_start)]
            for row in range(_EVERY - self.count % _EVERY, len(ends), _EVERY):
                self._marks.append(ends[row] + row)
            self.count += len(lengths)
            self._row_start = self._at + len(piece) - last
        self._at += len(piece)

    def row(self, number: int) -> bytes:
        """Return a row by its number from 0, without its line end; empty past the last one."""
        return self._found(number)[1].removesuffix(b"\n").removesuffix(b"\r")

    def offset_of(self, number: int) -> int:
        """Return the place of the first byte of a row; 0 past the last one."""
        return self._found(number)[0]

    def _found(self, number: int) -> tuple[int, bytes]:
        """Return where a row begins, and its bytes."""
        if not 0 <= number < self.count:
            return 0, b""
        start = self._marks[number // _EVERY]
        block = self._window.read(start, (_EVERY + 1) * (LONGEST + 1))
        left = number % _EVERY
        begin = 0
        for end in _ends(block, 0, 0):
            if left == 0:
                return start + begin, block[begin:end]
            left -= 1
            begin = end
        return start + begin, block[begin : begin + LONGEST]

    def row_at(self, offset: int) -> int:
        """Return the number of the row that holds a byte; the last one where it was not read so far."""
        if offset >= self._at:
            return max(0, self.count - 1)
        low, high = 0, len(self._marks) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._marks[middle] <= offset else (low, middle - 1)
        start = self._marks[low]
        block = self._window.read(start, offset - start + 1)
        inside = sum(1 for end in _ends(block, start, start) if end <= offset)
        return min(low * _EVERY + inside, max(0, self.count - 1))


def _ends(block: bytes, at: int, row_start: int) -> Iterator[int]:
    """Yield where rows of a block end: after each line feed, and after LONGEST bytes without one.

    The block begins at `at` and the row that is under way at `row_start`, both counted from the beginning of the text.
    """
    place = 0
    while place < len(block):
        most = row_start + LONGEST - at
        found = block.find(b"\n", place, max(place, most))
        if found >= 0:
            row_start = at + found + 1
        elif most <= len(block):
            row_start = at + most
        else:
            return
        yield row_start
        place = row_start - at
