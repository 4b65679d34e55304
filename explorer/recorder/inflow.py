"""What came in on a stream and was not passed on yet, in a buffer that is made once."""

from __future__ import annotations

import mmap
import re
from collections import deque

from explorer.wire.streams import Stream

BLOCK = 768 * 1024
"""Size of the buffer in bytes: a quarter of it costs a relay a fifth of its speed, four connections fill four of it."""

BUFFERS = 3
"""So many buffers take turns where what is in one is still looked at while the next is filled."""

_HEAD_END = re.compile(rb"\n\r?\n")
_LINE_ENDS = re.compile(rb"[\r\n]*")


class Inflow:
    """A stream's incoming bytes. Views into the buffer are good until it is filled again."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self._buffer = mmap.mmap(-1, BLOCK)  # memory is taken only as far as it is filled
        self._view = memoryview(self._buffer)
        self._others: deque[mmap.mmap] = deque()
        self._start = 0
        self._end = 0
        self._searched = 0

    def __len__(self) -> int:
        return self._end - self._start

    @property
    def is_full(self) -> bool:
        """Whether nothing more can be received before something was dropped."""
        return len(self) == len(self._buffer)

    def fill(self) -> bool:
        """Receive once more, waiting for it; False at the end. Raises OSError where the stream broke."""
        received = self.stream.receive_into(self._room())
        self._end += received
        return received > 0

    def try_to_fill(self) -> int | None:
        """Receive what has come, without waiting; None where nothing has, 0 at the end. Raises OSError."""
        received = self.stream.try_to_receive_into(self._room())
        self._end += received or 0
        return received

    def view(self) -> memoryview:
        """Return what is there."""
        return self._view[self._start : self._end]

    def drop(self, count: int) -> None:
        """Let go of the first bytes."""
        self._start += count
        self._searched = 0

    def turn(self) -> None:
        """Let go of all that is there, and leave it as it is until the last of the other buffers has been filled."""
        if not self._others:
            self._others.extend(mmap.mmap(-1, BLOCK) for _ in range(BUFFERS - 1))
        self._others.append(self._buffer)
        self._buffer = self._others.popleft()
        self._view = memoryview(self._buffer)
        self._start = self._end = self._searched = 0

    def take(self, count: int) -> bytes:
        """Return the first bytes and let go of them."""
        taken = bytes(self._view[self._start : min(self._end, self._start + count)])
        self.drop(len(taken))
        return taken

    def head_length(self) -> int:
        """Return the length of the head that stands at the beginning; 0 where its end has not come.

        Blank lines before a head belong to it.
        """
        if self._start == self._end:
            return 0
        begins = _LINE_ENDS.match(self._buffer, self._start, self._end)
        after = begins.end() if begins else self._start
        found = _HEAD_END.search(self._buffer, max(after, self._start + self._searched - 3), self._end)
        self._searched = self._end - self._start
        return found.end() - self._start if found else 0

    def _room(self) -> memoryview:
        if self._start == self._end:
            self._start = self._end = 0
        elif self._end == len(self._buffer):
            length = len(self)
            self._view[:length] = bytes(self.view())
            self._start, self._end = 0, length
        return self._view[self._end :]
