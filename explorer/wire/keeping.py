"""What becomes of the body of an answer: kept in memory where it is small, or saved in a file.

A file gets its name only when size and digest are right; until then it is `NAME.part`. A part that was cut off stays,
to go on from; one with wrong bytes is removed. No size that a server declares is ever allocated.
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from explorer.errors import FormatError
from explorer.model import Progress, Request, Save, Slice, Unkept
from explorer.spec.ranges import parse_content_range
from explorer.wire.heads import Head

KEPT = 4 * 1024 * 1024
"""Bodies of answers up to this size, in bytes, are kept; larger ones only by size and sha256."""

PART = ".part"
"""What the name of a file ends in while it is not whole."""

_BLOCK = 1024 * 1024
_FROM = re.compile(r"bytes=([0-9]{1,18})-")


class Unsavable(Exception):
    """Say in a sentence why the bytes that came could not be written."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Keeping(Protocol):
    """Takes the body of an answer, block by block."""

    def begin(self, head: Head) -> None:
        """Get ready for the body of that answer."""

    def take(self, block: bytes) -> bool:
        """Take a block, and say whether more is wanted."""

    def end(self) -> bytes | Slice | Unkept:
        """Return what became of the body; all of it has come, or no more of it was wanted."""

    def broke_off(self) -> str:
        """Close what is open, and return a sentence about what is left of the body; empty where nothing is."""


def keeping(save: Save | None, request: Request, progress: Progress | None) -> Keeping:
    """Return what takes the body of the answer; raises FormatError where it is to be saved and cannot be."""
    return InMemory() if save is None else InFile(save, request, progress)


class InMemory:
    """Keeps a small body; of a larger one, its size and its sha256."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._kept = bytearray()
        self.size = 0

    def begin(self, head: Head) -> None:
        """Do nothing: every body is taken alike."""

    def take(self, block: bytes) -> bool:
        """Take a block."""
        self._digest.update(block)
        self.size += len(block)
        if self.size <= KEPT:
            self._kept += block
        return True

    def end(self) -> bytes | Unkept:
        """Return the body, or what is known of it."""
        return bytes(self._kept) if self.size <= KEPT else Unkept(self.size, self._digest.hexdigest(), "the answer")

    def broke_off(self) -> str:
        """Say nothing: what came is not kept."""
        return ""


class InFile:
    """Saves the body of a 200 or 206, and goes on from the part that is there where the answer does."""

    def __init__(self, save: Save, request: Request, progress: Progress | None) -> None:
        """Make the folder, and hash the part that the request asks to go on from; raises FormatError."""
        self._save = save
        self._progress = progress
        self._path = Path(save.path)
        self._part = Path(save.path + PART)
        self._whole = hashlib.new(save.digest.partition(":")[0])
        self._came = hashlib.sha256()
        self._small = InMemory()
        self._file: BinaryIO | None = None
        self._start = self._size = 0
        self._is_saved = self._may_be_short = False
        self._why = ""
        wanted = _FROM.fullmatch(request.headers.get("Range") or "")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._there = self._hash_part(int(wanted[1])) if wanted else 0
        except OSError as bad:
            raise FormatError(self._part, f"nothing can be saved there: {bad.strerror}.") from bad

    def _hash_part(self, length: int) -> int:
        """Hash so many bytes of the part that is there, and return their number; 0 where there are fewer."""
        if not self._part.exists() or self._part.stat().st_size < length:
            return 0
        left = length
        with self._part.open("rb", buffering=0) as file:
            while left and (block := file.read(min(_BLOCK, left))):
                self._whole.update(block)
                left -= len(block)
        return length

    def begin(self, head: Head) -> None:
        """Open the part: a 200 begins anew, a 206 goes on where it fits; any other answer is none to save."""
        self._is_saved = head.status in (200, 206)
        if not self._is_saved:
            return
        framed = head.headers.get("Content-Length") or head.headers.get("Transfer-Encoding")
        self._may_be_short = head.status == 206 or not framed
        if head.status == 206:
            self._why = self._why_not(head.headers.get("Content-Range") or "")
            self._start = self._there
        else:
            algorithm = self._save.digest.partition(":")[0]
            self._whole = self._came if algorithm == "sha256" else hashlib.new(algorithm)  # hashed once where it can be
        if not self._why:
            self._open()

    def _why_not(self, value: str) -> str:
        """Return why a 206 does not go on from what is there; empty where it does."""
        found = parse_content_range(value)
        if found is None:
            return f"not kept, since its Content-Range '{value}' does not say which bytes it is"
        first, _, total = found
        if first != self._there:
            return f"not kept, since it begins at byte {first}, and {self._there} bytes are there to go on from"
        if total not in (None, self._save.size):
            return f"not kept, since it is of {total} bytes, and {self._save.size} are declared"
        return ""

    def _open(self) -> None:
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW
            self._file = os.fdopen(os.open(self._part, flags, 0o600), "wb", buffering=0)
            self._file.truncate(self._start)
            self._file.seek(self._start)
        except OSError as bad:
            raise self._unsavable(bad) from bad

    def take(self, block: bytes) -> bool:
        """Write a block; no more is wanted than was declared."""
        if not self._is_saved:
            return self._small.take(block)
        self._came.update(block)
        self._size += len(block)
        if self._start + self._size > self._save.size:
            self._why = self._why or f"stopped here, since {self._save.size} bytes are declared and more came"
            return False
        if self._whole is not self._came:
            self._whole.update(block)
        if self._file:
            self._write(self._file, block)
            if self._progress:
                self._progress(self._start + self._size, self._save.size)
        return True

    def _write(self, file: BinaryIO, block: bytes) -> None:
        left = memoryview(block)
        try:
            while left:
                left = left[file.write(left) :]
        except OSError as bad:
            raise self._unsavable(bad) from bad

    def _unsavable(self, bad: OSError) -> Unsavable:
        return Unsavable(f"What came could not be written to {self._part}: {bad.strerror}.")

    def end(self) -> bytes | Slice | Unkept:
        """Give the file its name where it is right; else say what came, and what became of it."""
        if not self._is_saved:
            return self._small.end()
        found = f"{self._save.digest.partition(':')[0]}:{self._whole.hexdigest()}"
        total = self._start + self._size
        try:
            if self._file and found == self._save.digest and total == self._save.size:
                return self._finished(self._file)
            if self._file and not self._why and total < self._save.size and self._may_be_short:
                self._close()
                self._why = f"{total} of {self._save.size} bytes are in {self._part}, to go on from"
            elif self._file:
                self._close()
                self._part.unlink()
                before = f"after the {self._start} bytes before it, " if self._start else ""
                self._why = self._why or f"not kept, since {before}the digest is {found} of {total} bytes"
        except OSError as bad:
            raise self._unsavable(bad) from bad
        return Unkept(self._size, self._came.hexdigest(), self._why)

    def _finished(self, file: BinaryIO) -> Slice:
        os.fsync(file.fileno())
        self._close()
        self._part.replace(self._path)
        return Slice(str(self._path), self._start, self._size, self._came.hexdigest(), f"saved as {self._path}")

    def broke_off(self) -> str:
        """Close the part, which stays, and say how much of it there is."""
        self._close()
        with suppress(OSError):
            there = self._part.stat().st_size
            if not there:
                self._part.unlink()
            elif self._is_saved:
                return f" {there} of {self._save.size} bytes are in {self._part}, to go on from."
        return ""

    def _close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None
