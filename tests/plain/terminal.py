"""The program in a terminal of its own (a pty): lines are typed, and what it says is waited for."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

_PATIENCE = 120.0


class Terminal:
    """Runs a command in a pty. What was said is kept in `said`, without carriage returns."""

    def __init__(self, folder: Path, *words: str, environ: Mapping[str, str] | None = None) -> None:
        """Start it in a folder."""
        settings = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm", **(environ or {})}
        self.said = ""
        self._seen = 0
        self.pid, self._pty = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(folder)
                os.execvpe(words[0], [*words], settings)
            finally:
                os._exit(127)
        fcntl.ioctl(self._pty, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(self.pid, 9)
            os.waitpid(self.pid, 0)
        os.close(self._pty)

    def wait_for(self, text: str) -> str:
        """Wait until it has said something since the last time that was waited for; returns all that it said since."""
        until = time.monotonic() + _PATIENCE
        while text not in self.said[self._seen :]:
            if time.monotonic() > until or not self._read(1.0):
                raise AssertionError(f"{text!r} was not said, but {self.said[self._seen :][-3000:]!r}")
        start, self._seen = self._seen, self.said.index(text, self._seen) + len(text)
        return self.said[start : self._seen]

    def type(self, line: str) -> None:
        """Type a line."""
        os.write(self._pty, f"{line}\r".encode())

    def press(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._pty, keys)

    def leave(self) -> int:
        """Wait until it has ended, and return its exit status."""
        until = time.monotonic() + _PATIENCE
        while self._read(1.0):
            assert time.monotonic() < until, self.said[-3000:]
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _read(self, seconds: float) -> bool:
        """Read what there is; False where the other end is closed."""
        ready, _, _ = select.select([self._pty], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self._pty, 65536)
        except OSError:
            return False
        self.said += data.decode("utf-8", "replace").replace("\r", "")
        return bool(data)


def program(*words: str) -> tuple[str, ...]:
    """Return the words that start the program."""
    return (sys.executable, "-m", "explorer", *words)
