"""A program in a terminal of a given size: when a frame is painted, and how long after a key the next one is.

"Painted" is the moment of the last byte of a frame: of what a program puts between the signs of a synchronized update.
As most terminals do, this one says that it knows them. A burst is what comes without a pause of `QUIET` seconds.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from tests.benchmarks.goals import Unavailable
from tests.benchmarks.measuring import ROOT, Words

QUIET = 0.15
FRAME_PAUSE = 0.004
"""Seconds without a byte that end a frame where no sign does: the first ones of a program."""

FRAME_END = b"\x1b[?2026l"
_ASKED, _ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"


class Terminal:
    """A program that was started in a terminal; a context manager, which ends it."""

    def __init__(
        self, words: Words, *, env: Mapping[str, str], columns: int = 120, rows: int = 40, cwd: Path = ROOT
    ) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        sized = {**env, "COLUMNS": str(columns), "LINES": str(rows)}
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(
            words, env=sized, cwd=cwd, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        self.printed = bytearray()
        """Everything that it wrote so far."""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, bad: BaseException | None, at: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    def painted(self, text: bytes = b"", *, limit: float = 60) -> float:
        """Return the seconds from its start to the last byte of the frame in which `text` came; raises Unavailable.

        It returns when the burst of frames has ended that this one is in.
        """
        self.seen(text, limit=limit)
        last = time.perf_counter()
        while self._read(FRAME_PAUSE):
            last = time.perf_counter()
        self.settle(QUIET)
        return last - self.begun

    def seen(self, text: bytes, *, limit: float = 120) -> float:
        """Return the seconds from its start until `text` is among what it writes from here on; raises Unavailable.

        For what is shown while the program goes on to write, so that no burst ends.
        """
        since, until = max(0, len(self.printed) - len(text)), time.perf_counter() + limit
        while text not in self.printed[since:]:
            if time.perf_counter() > until or (not self._read(1) and self.process.poll() is not None):
                raise Unavailable(f"{self.process.args!r} has not shown {text!r} within {limit:g} s")
        return time.perf_counter() - self.begun

    def answered(self, keys: bytes, text: bytes, *, quiet: float = 0.3) -> tuple[float, float]:
        """Press keys; return the seconds until `text` is written, and until the last that is before a long pause."""
        pressed = time.perf_counter()
        self.printed.clear()
        os.write(self._master, keys)
        first = self.seen(text) + self.begun - pressed
        last = time.perf_counter()
        while self._read(quiet):
            last = time.perf_counter()
        return first, last - pressed

    def key(self, keys: bytes, *, limit: float = 30) -> float:
        """Press keys; return the seconds to the last byte of the burst that they cause; raises Unavailable."""
        pressed = time.perf_counter()
        os.write(self._master, keys)
        return self._burst(b"", len(self.printed), limit) - pressed

    def frame(self, keys: bytes, text: bytes, *, limit: float = 30) -> tuple[float, float]:
        """Press keys; return the seconds to the end of the frame with `text`, and to the last byte of the burst.

        Raises Unavailable.
        """
        pressed, since = time.perf_counter(), len(self.printed)
        os.write(self._master, keys)
        while not self._has_frame(text, since):
            if not self._read(limit):
                raise Unavailable(f"{self.process.args!r} has drawn no frame with {text!r} within {limit:g} s")
        first = last = time.perf_counter()
        while self._read(QUIET):
            last = time.perf_counter()
        return first - pressed, last - pressed

    def _has_frame(self, text: bytes, since: int) -> bool:
        at = self.printed.find(text, since)
        return at >= 0 and self.printed.find(FRAME_END, at) >= 0

    def settle(self, quiet: float = 0.5) -> None:
        """Read until nothing has come for so many seconds."""
        while self._read(quiet):
            pass

    def _burst(self, text: bytes, since: int, limit: float) -> float:
        last, until = 0.0, time.perf_counter() + limit
        while time.perf_counter() < until:
            begun = len(self.printed) > since and text in self.printed[since:]
            if self._read(QUIET):
                last = time.perf_counter()
            elif begun:
                return last
            elif self.process.poll() is not None:
                raise Unavailable(f"{self.process.args!r} ended with {self.process.returncode}")
        raise Unavailable(f"{self.process.args!r} painted nothing within {limit:g} s")

    def _read(self, wait: float) -> bool:
        if not select.select([self._master], [], [], wait)[0]:
            return False
        try:
            part = os.read(self._master, 1 << 16)
        except OSError:
            return False
        self.printed += part
        if _ASKED in part:
            os.write(self._master, _ANSWER)
        return bool(part)
