"""A body as something to read windows of."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Protocol

from explorer.errors import FormatError
from explorer.model import Body, Slice, Unkept


class Window(Protocol):
    """Bytes that are read by their place."""

    size: int

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`; less where it ends before. Raises FormatError."""

    def close(self) -> None:
        """Let go of what is open."""


class Memory:
    """A window on bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`."""
        return self._data[offset : offset + length]

    def close(self) -> None:
        """There is nothing open."""


class FilePart:
    """A window on a part of a file; what is read is asked from the system each time, so any thread may."""

    def __init__(self, part: Slice) -> None:
        """Open the file; raises FormatError where it cannot be, or is shorter than the part."""
        try:
            self._file = os.open(part.path, os.O_RDONLY)
        except OSError as bad:
            raise FormatError(part.path, f"the bytes lie there and cannot be read: {bad.strerror}.") from bad
        self._path = part.path
        self._offset = part.offset
        self.size = max(0, min(part.length, os.fstat(self._file).st_size - part.offset))

    def read(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`; raises FormatError where the file cannot be read."""
        length = max(0, min(length, self.size - offset))
        try:
            return os.pread(self._file, length, self._offset + offset)
        except OSError as bad:
            raise FormatError(self._path, f"the bytes cannot be read: {bad.strerror}.") from bad

    def close(self) -> None:
        """Close the file; what is read after that is an error, and not another file."""
        file, self._file = self._file, -1
        os.close(file)

    def __enter__(self) -> FilePart:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def window_on(body: Body) -> Window:
    """Return a window on a body; raises FormatError where its bytes are nowhere."""
    match body:
        case bytes():
            return Memory(body)
        case Slice():
            return FilePart(body)
        case Unkept():
            name = body.source or "the body"
            raise FormatError(
                Path(name), f"its {body.size} bytes went by and were not kept; their sha256 is {body.sha256}."
            )
