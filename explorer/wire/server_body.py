"""What a client sends, read through one preallocated buffer.

`Input` owns the buffer; heads and bodies are found in it where they lie. `BodyReader` cuts a body out of it by its
Content-Length or by its chunk size lines. A block that it hands out is a view into the buffer: use it before asking for
the next one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from explorer.errors import WireError

BLOCK = 256 * 1024
"""Size of the buffer in bytes."""

_LONGEST_SIZE_LINE = 4096
_LONGEST_TRAILERS = 64 * 1024
_LINE_END = re.compile(rb"\n")
_SIZE_LINE = re.compile(rb"([0-9a-fA-F]{1,15})[ \t]*(?:;[^\r\n]*)?")


class BodyBroken(WireError):
    """Say why a body did not arrive whole; `kind` is closed, timeout or not-http."""


class BodyTooLong(WireError):
    """Say that a body is longer than its reader takes."""


class Input:
    """Bytes that were received and not yet used, in one buffer of fixed size."""

    def __init__(self, receive: Callable[[memoryview], int], size: int = BLOCK) -> None:
        self._receive = receive
        self._buffer = bytearray(size)
        self._view = memoryview(self._buffer)
        self._start = 0
        self._end = 0

    def __len__(self) -> int:
        return self._end - self._start

    def fill(self) -> bool:
        """Receive once more behind what is there; False where the client has closed, or nothing more fits."""
        if self._start == self._end:
            self._start = self._end = 0
        elif self._end == len(self._buffer):
            length = len(self)
            self._view[:length] = self._view[self._start : self._end]
            self._start, self._end = 0, length
        if self._end == len(self._buffer):
            return False
        received = self._receive(self._view[self._end :])
        self._end += received
        return received > 0

    def search(self, pattern: re.Pattern[bytes]) -> int:
        """Return how many bytes reach to the end of the pattern's first match; 0 where it is not there."""
        found = pattern.search(self._buffer, self._start, self._end)
        return found.end() - self._start if found else 0

    def skip(self, pattern: re.Pattern[bytes]) -> None:
        """Drop the first bytes as far as the pattern matches them."""
        found = pattern.match(self._buffer, self._start, self._end)
        self._start = found.end() if found else self._start

    def peek(self, length: int) -> bytes:
        """Return up to that many of the first bytes and leave them."""
        return bytes(self._view[self._start : min(self._end, self._start + length)])

    def take(self, length: int) -> memoryview:
        """Return up to that many of the first bytes as a view, and count them as used."""
        begin = self._start
        self._start = min(self._end, begin + length)
        return self._view[begin : self._start]


def _nothing() -> None:
    pass


class BodyReader:
    """The body of one request: `length` is its Content-Length, None where it is chunked."""

    def __init__(self, source: Input, length: int | None, before_reading: Callable[[], None] = _nothing) -> None:
        self.length = length
        self.received = 0
        self.is_read = length == 0
        self.is_begun = False
        self.is_broken = False
        self.source = source
        self._before_reading = before_reading
        self._left = length or 0  # of the body, or of the chunk at hand
        self._in_chunk = False

    @classmethod
    def of(cls, data: bytes) -> BodyReader:
        """Return a reader of bytes that are there already."""
        rest = memoryview(data)

        def receive(into: memoryview) -> int:
            nonlocal rest
            count = min(len(into), len(rest))
            into[:count], rest = rest[:count], rest[count:]
            return count

        return cls(Input(receive), len(data))

    def chunks(self) -> Iterator[memoryview]:
        """Yield the bytes as they arrive; each block is good until the next one is asked for. Raises BodyBroken."""
        while (block := self.next_block()) is not None:
            yield block

    def read_all(self, cap: int) -> bytes:
        """Return the whole body; raises BodyTooLong where it is longer than `cap` bytes, and BodyBroken."""
        if self.length is not None and self.length > cap:
            raise BodyTooLong(f"The body has {self.length} bytes; at most {cap} are taken.", "unsendable")
        collected = bytearray()
        for block in self.chunks():
            collected += block
            if len(collected) > cap:
                raise BodyTooLong(f"The body has more than the {cap} bytes that are taken.", "unsendable")
        return bytes(collected)

    def discard(self, cap: int) -> bool:
        """Read about `cap` bytes and drop them; True where the body ended by then. Raises BodyBroken."""
        dropped = 0
        while dropped <= cap and (block := self.next_block()) is not None:
            dropped += len(block)
        return self.is_read

    def withhold_continue(self) -> None:
        """Send no `100 Continue` to a client that waits for one before it sends its body."""
        self._before_reading = _nothing

    def next_block(self) -> memoryview | None:
        """Return the next bytes, as `chunks` does; None at the end. Raises BodyBroken."""
        if self.is_read:
            return None
        if self.is_broken:
            raise BodyBroken("The rest of the body did not arrive.", "closed")
        if not self.is_begun:
            self.is_begun = True
            self._before_reading()
        try:
            return self._block()
        except BodyBroken:
            self.is_broken = True
            raise

    def _block(self) -> memoryview | None:
        if self.length is None and self._left == 0:
            self._begin_chunk()
        if self._left == 0:
            self.is_read = True
            return None
        self._wait()
        block = self.source.take(self._left)
        self._left -= len(block)
        self.received += len(block)
        self.is_read = self.length is not None and self._left == 0
        return block

    def _begin_chunk(self) -> None:
        if self._in_chunk and self._line(2):
            raise BodyBroken("The bytes of a chunk are not followed by a line end.", "not-http")
        line = self._line(_LONGEST_SIZE_LINE)
        found = _SIZE_LINE.fullmatch(line)
        if not found:
            raise BodyBroken(f"A chunk begins with {line[:40]!r}, which is not a size in hex digits.", "not-http")
        self._left = int(found[1], 16)
        self._in_chunk = True
        if self._left == 0:
            self._skip_trailers()

    def _skip_trailers(self) -> None:
        seen = 0
        while line := self._line(_LONGEST_TRAILERS):
            seen += len(line) + 2
            if seen > _LONGEST_TRAILERS:
                raise BodyBroken(f"The trailers are longer than {_LONGEST_TRAILERS} bytes.", "not-http")

    def _line(self, cap: int) -> bytes:
        while not (length := self.source.search(_LINE_END)):
            if len(self.source) > cap:
                raise BodyBroken(f"A line of the chunked body is longer than {cap} bytes.", "not-http")
            self._receive()
        line = bytes(self.source.take(length))
        if not line.endswith(b"\r\n") or length > cap + 2:
            raise BodyBroken(f"The line {line[:40]!r} of the chunked body is too long or lacks its CR LF.", "not-http")
        return line[:-2]

    def _wait(self) -> None:
        if not len(self.source):
            self._receive()

    def _receive(self) -> None:
        try:
            more = self.source.fill()
        except TimeoutError as late:
            raise BodyBroken(
                f"No more of the body came for too long, after {self.received} bytes.", "timeout"
            ) from late
        except OSError as lost:
            raise BodyBroken(f"The client went away after {self.received} bytes of the body.", "closed") from lost
        if not more:
            raise BodyBroken(f"The client closed after {self.received} bytes of the body.", "closed")
