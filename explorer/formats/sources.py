"""Where the bytes come from that are imported: a file, standard input, the clipboard, or memory.

Files are read as they are needed. What can be read only once (a pipe) is kept in a file without a name, which goes with
the program.
"""

from __future__ import annotations

import io
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from explorer.errors import FormatError

STDIN = "-"
CLIPBOARD = "@clipboard"
MOST_OF_A_PIPE = 4 * 1024**3
"""So many bytes are taken from a pipe, which may have no end."""

LONGEST_LINE = 16 * 1024 * 1024
"""A line that is longer, in bytes, is read in parts of this size."""

_PART = 1024 * 1024
_BLOCK = 128 * 1024


class Source:
    """Bytes with a name: what is imported. They can be read as often as is needed, and are never changed."""

    def __init__(self, stream: BinaryIO, name: str, path: str = "", remark: str = "") -> None:
        """Take a stream that can seek; `path` is where it lies, where that is a file of its own.

        `remark` is a sentence on what it was taken out of (that it was cut off), empty where there is none.
        """
        self.name = name
        self.path = path
        self.remark = remark
        self._stream = stream

    @classmethod
    def of(cls, data: bytes, name: str) -> Source:
        """Return a source of bytes in memory."""
        return cls(io.BytesIO(data), name)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self._stream.seek(0, os.SEEK_END)

    def head(self, size: int) -> bytes:
        """Return the first bytes."""
        self._stream.seek(0)
        return self._stream.read(size)

    def tail(self, size: int) -> bytes:
        """Return the last bytes."""
        self._stream.seek(max(0, self.size - size))
        return self._stream.read(size)

    def own_stream(self) -> BinaryIO:
        """Return a stream of the same bytes that stays open when this one is closed."""
        try:
            return os.fdopen(os.dup(self._stream.fileno()), "rb")
        except (OSError, ValueError):
            return io.BytesIO(self.stream().read())

    def stream(self) -> BinaryIO:
        """Return the stream at its beginning."""
        self._stream.seek(0)
        return self._stream

    def parts(self, size: int = _PART) -> Iterator[bytes]:
        """Yield the bytes in parts."""
        stream = self.stream()
        while part := stream.read(size):
            yield part

    def blocks(self, size: int = _BLOCK) -> Iterator[bytes]:
        """Yield the bytes in blocks of whole lines, of about `size` bytes; a line that is endless comes in parts."""
        stream = self.stream()
        while block := stream.read(size):
            if not block.endswith(b"\n"):
                block += stream.readline(LONGEST_LINE - (len(block) - block.rfind(b"\n") - 1))
            yield block

    def lines(self) -> Iterator[bytes]:
        """Yield the lines with their ends; one that is endless comes in parts."""
        stream = self.stream()
        while line := stream.readline(LONGEST_LINE):
            yield line


def open_source(path: str, resources: ExitStack) -> Source:
    """Open a file, standard input (`-`) or the clipboard (`@clipboard`); raises FormatError.

    What has to be closed is added to `resources`.
    """
    if path == STDIN:
        return Source(_kept(sys.stdin.buffer, "standard input", resources), "standard input")
    if path == CLIPBOARD:
        from explorer.clipboard import clipboard

        return Source.of(clipboard(), "the clipboard")
    try:
        stream = resources.enter_context(Path(path).open("rb"))  # noqa: SIM115
        mode = os.fstat(stream.fileno()).st_mode
    except IsADirectoryError as bad:
        raise FormatError(path, "this is a folder; a file with a session was expected.") from bad
    except (OSError, ValueError) as bad:
        raise FormatError(path, f"the file cannot be read: {getattr(bad, 'strerror', bad)}.") from bad
    if stat.S_ISREG(mode):
        return Source(stream, path, path)
    if stat.S_ISFIFO(mode):
        return Source(_kept(stream, path, resources), path)
    raise FormatError(path, "this is a device; a file with a session was expected.")


def _kept(stream: BinaryIO, name: str, resources: ExitStack) -> BinaryIO:
    kept = resources.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    left = MOST_OF_A_PIPE
    while part := stream.read(_PART):
        left -= len(part)
        if left < 0:
            raise FormatError(name, f"more than {MOST_OF_A_PIPE} bytes came, and the end was not among them.")
        kept.write(part)
    return kept
