"""What is kept of a body that goes through: its size, its sha256, and its bytes where they are few or asked for."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from explorer.model import Slice, Unkept
from explorer.recorder.inflow import BUFFERS
from explorer.wire.hashing import LONG, Sha256

INLINE = 64 * 1024
"""Bodies up to this size, in bytes, are kept in the recording itself."""

_OF_NOTHING = hashlib.sha256().hexdigest()


class BodyFolder:
    """A folder that takes the bodies that are too large for the recording; each is named by its sha256."""

    def __init__(self, folder: Path) -> None:
        """Make the folder; raises OSError."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self._number = 0

    def begin(self) -> Path:
        """Return the path of a new file that has no name of its own yet."""
        self._number += 1
        return self.folder / f"{os.getpid()}-{self._number}-{os.urandom(4).hex()}.part"


class KeptBody:
    """One body: hashed as it goes by. Where its file cannot be written, the body passes all the same."""

    def __init__(self, folder: BodyFolder | None = None) -> None:
        self.size = 0
        self.problem = ""  # why there is no file
        self._digest: Sha256 | None = None  # made with the first byte: most bodies have none
        self._begin = bytearray()
        self._folder = folder
        self._file: int | None = None
        self._path: Path | None = None

    @property
    def sha256(self) -> str:
        """The sha256 of what went by."""
        return self._digest.hexdigest() if self._digest else _OF_NOTHING

    def take(self, part: memoryview, *, later: bool = False) -> None:
        """Take some more bytes; they are hashed `later`, by another thread, where they stay as they are for so long.

        They have to, then, until as many further ones were taken as there are buffers.
        """
        if self._folder and not self.problem and self.size + len(part) > INLINE:
            self._write(part)
        elif self.size <= INLINE:
            self._begin += part[: INLINE + 1 - self.size]
        self.size += len(part)
        if self._digest is None:
            self._digest = Sha256(LONG, BUFFERS - 2)
        self._digest.update(part, here=not later)

    def end(self, words: str) -> bytes | Slice | Unkept:
        """Return what is left of it; `words` say what it was."""
        if self.size <= INLINE:
            return bytes(self._begin)
        if self._file is not None and self._path is not None and not self.problem:
            os.close(self._file)
            self._file = None
            whole = self._path.with_name(self.sha256)
            with suppress(OSError):
                self._path.replace(whole)
                return Slice(str(whole), 0, self.size, self.sha256, words)
        return Unkept(self.size, self.sha256, self.problem or words)

    def _write(self, part: memoryview) -> None:
        assert self._folder is not None
        try:
            if self._file is None:
                self._path = self._folder.begin()
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
                _write_all(self._file, memoryview(self._begin))
            _write_all(self._file, part)
        except OSError as bad:
            self.problem = f"not kept in {self._folder.folder}: {bad.strerror}"
            if self._file is not None:
                os.close(self._file)
                self._file = None
            if self._path:
                self._path.unlink(missing_ok=True)


def _write_all(file: int, part: memoryview) -> None:
    while part:
        part = part[os.write(file, part) :]
