"""A body on its way out: read in blocks, hashed and counted as it leaves, ended early where an answer has come."""

from __future__ import annotations

import time
from collections.abc import Iterator
from io import FileIO
from itertools import cycle

import httpcore
import httpx

from explorer.errors import FormatError
from explorer.model import Progress, Request, Slice, body_size
from explorer.wire.hashing import HELD, Sha256
from explorer.wire.tap import Tap

BLOCK = 256 * 1024
"""Bodies go out in blocks of so many bytes."""

_CONTINUE_SECONDS = 1.0

_SLOW = 500 * 1024 * 1024
"""Where fewer bytes than that leave in a second, there is time to hash them while the other side takes them."""


class Broken(Exception):
    """Say in a sentence why a body that is passed on ends before its end."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Outgoing(httpx.SyncByteStream):
    """A body on its way: opened before anything is sent, read in blocks, hashed and counted as it leaves."""

    def __init__(self, request: Request, progress: Progress | None, passed_on: Iterator[bytes] | None = None) -> None:
        """Take the request's own body, or what is passed on in its place; that raises Broken where it breaks off."""
        self._body = request.body
        self._passed_on = passed_on
        self._progress = progress
        self._expects = "100-continue" in (request.headers.get("Expect") or "").lower()
        self._file: FileIO | None = None
        self.tap: Tap | None = None
        self.why_it_broke = ""
        self.size = 0
        self.digest = Sha256(body_size(request.body))

    def __enter__(self) -> Outgoing:
        if isinstance(self._body, Slice):
            try:
                self._file = FileIO(self._body.path)
                have = self._file.seek(0, 2)
            except OSError as bad:
                raise FormatError(self._body.path, f"the body cannot be read: {bad.strerror}.") from bad
            except ValueError as bad:
                raise FormatError(repr(self._body.path), f"no file can have that name ({bad}).") from bad
            if have < self._body.offset + self._body.length:
                self._file.close()
                raise FormatError(
                    self._body.path,
                    f"the body ends at byte {self._body.offset + self._body.length}, but the file has only {have}; "
                    "it has changed since it was looked at.",
                )
            self._file.seek(self._body.offset)
        return self

    def __exit__(self, *_: object) -> None:
        self.digest.close()
        if self._file:
            self._file.close()

    def __iter__(self) -> Iterator[bytes]:
        total = body_size(self._body)
        if total and self._expects and self.tap and self.tap.answer_is_waiting(_CONTINUE_SECONDS):
            raise httpcore.WriteError("the answer came before the body")
        seconds = 0.0
        for block in self._blocks():
            if self.tap and self.tap.is_stopped:
                raise httpcore.ReadError("stopped")
            begun = time.perf_counter()
            yield block
            seconds += time.perf_counter() - begun
            self.size += len(block)
            self.digest.update(block, here=self.size < seconds * _SLOW)
            if self._progress:
                self._progress(self.size, total)
            if self.size < total and self.tap and self.tap.answer_is_waiting():
                raise httpcore.WriteError("the answer came before the body was through")

    def _blocks(self) -> Iterator[bytes]:
        match self._body:
            case _ if self._passed_on is not None:
                yield from self._passed(self._passed_on)
            case bytes():
                yield from (self._body[at : at + BLOCK] for at in range(0, len(self._body), BLOCK))
            case Slice() if self._file:
                left = self._body.length
                buffers = [memoryview(bytearray(min(BLOCK, left))) for _ in range(min(HELD, -(-left // BLOCK)))]
                for buffer in cycle(buffers):
                    if not left:
                        break
                    block = self._fill(buffer[:left])
                    left -= len(block)
                    yield block  # type: ignore[misc]  # httpx speaks of bytes; the connections here take any buffer
            case _:
                raise AssertionError("bodies without bytes are refused before they are sent")

    def _passed(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        try:
            yield from blocks
        except Broken as broken:
            self.why_it_broke = broken.sentence
            raise httpcore.ReadError(broken.sentence) from broken

    def _fill(self, buffer: memoryview) -> memoryview:
        """Read the next bytes of the file, as many as fit; what was in the buffer was sent and hashed by now."""
        assert self._file is not None
        try:
            count = self._file.readinto(buffer)
        except OSError as bad:
            self.why_it_broke = f"{self._file.name} could not be read any further: {bad.strerror}."
            raise httpcore.ReadError(self.why_it_broke) from bad
        if not count:
            self.why_it_broke = f"{self._file.name} became shorter while it was sent."
            raise httpcore.ReadError(self.why_it_broke)
        return buffer[:count]
