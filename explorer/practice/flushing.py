"""Writing out a file while it grows, so that little is left to wait for at its end."""

from __future__ import annotations

import os
import threading

STEP = 64 * 1024 * 1024
"""After so many bytes the system is made to write them to the disk."""


class EarlyFlush:
    """Flushes an open file from time to time, in a thread of its own. It is closed before its descriptor is."""

    def __init__(self, descriptor: int, step: int = STEP) -> None:
        self._descriptor = descriptor
        self._step = step
        self._unflushed = 0
        self._thread: threading.Thread | None = None
        self._error: OSError | None = None

    def grown(self, count: int) -> None:
        """Take note of so many more bytes; raises OSError where earlier ones could not be written out."""
        self._unflushed += count
        if self._unflushed < self._step or (self._thread and self._thread.is_alive()):
            return
        self._unflushed = 0
        self.close()
        self._thread = threading.Thread(target=self._flush, name="flush", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Wait for what is being written out; raises OSError where it, or earlier bytes, could not be."""
        if self._thread:
            self._thread.join()
        self._thread = None
        error, self._error = self._error, None
        if error:
            raise error

    def _flush(self) -> None:
        try:
            os.fsync(self._descriptor)
        except OSError as bad:
            self._error = bad
