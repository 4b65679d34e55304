"""A command that runs beside the recorder: no shell, its output line by line, its exit status passed on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import IO

from explorer.errors import InputError

ADDRESS = "REGISTRY_EXPLORER_ADDRESS"
"""The variable of a command's environment that has the recorder's address."""

PLACEHOLDER = "{registry}"
"""What stands for the recorder's address in a command's words."""

Say = Callable[[bytes], None]
"""Takes a line of output without its end, as bytes; from several threads."""

_MORE_OUTPUT_SECONDS = 2.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command:
    """A command that has been started."""

    def __init__(
        self, words: Sequence[str], address: str, say: Say, environ: Mapping[str, str], *, with_input: bool = True
    ) -> None:
        """Start it; raises InputError where that cannot be. Without input, what it reads from stdin is empty."""
        filled = [word.replace(PLACEHOLDER, address) for word in words]
        try:
            self._process = subprocess.Popen(
                filled,
                stdin=None if with_input else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**environ, ADDRESS: address},
            )
        except (OSError, ValueError) as bad:
            why = bad.strerror if isinstance(bad, OSError) else str(bad)
            raise InputError(f"The command '{filled[0]}' cannot be started: {why}.") from bad
        assert self._process.stdout is not None
        self._reader = threading.Thread(target=_read, args=(self._process.stdout, say), daemon=True, name="output")
        self._reader.start()

    def wait(self) -> int:
        """Wait for its end and return its exit status: 128 and the signal's number where one has ended it."""
        status = self._process.wait()
        self._reader.join(_MORE_OUTPUT_SECONDS)  # a child of its own may hold the pipe for ever
        return status if status >= 0 else 128 - status

    def wait_and_pass_signals_on(self) -> int:
        """Wait as `wait` does, on the main thread; what would end this program is the command's to deal with."""

        def pass_on(number: int, frame: object) -> None:
            del frame
            if number != signal.SIGINT or not _shares_terminal():
                self.send(number)

        before = {number: signal.signal(number, pass_on) for number in _SIGNALS}
        try:
            return self.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def send(self, number: int) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def end(self) -> None:
        """Have it end, as a hangup of its terminal would."""
        if self._process.poll() is None:
            self._process.terminate()


def _shares_terminal() -> bool:
    """Say whether the terminal sends its Ctrl-C to the command as well."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError, AttributeError):
        return False


def _read(output: IO[bytes], say: Say) -> None:
    with output:
        for line in output:
            say(line.rstrip(b"\r\n"))
