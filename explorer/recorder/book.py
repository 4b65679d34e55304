"""The book: makes exchanges of what went through, numbers and writes them, in a thread of its own, off their way.

Python runs one thread at a time, so what the book does would still hold up what passes at that moment. It waits for a
lull, therefore, but never for long.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from explorer.errors import Problem
from explorer.model import Exchange
from explorer.recorder.passage import Passage

_LULL_SECONDS = 0.001
_LONGEST_WAIT_SECONDS = 0.03

Take = Callable[[Exchange], None]
"""Takes an exchange that has happened; is called by one thread at a time."""


class Book:
    """Takes passages from any thread, in the order in which they ended."""

    def __init__(self, write: Take, tell: Take, complain: Callable[[str], None]) -> None:
        """Take what writes an exchange, what is told of it then, and what a problem with the writing is said to."""
        self._write = write
        self._tell = tell
        self._complain = complain
        self._count = 0
        self._lock = threading.Lock()
        self._queue: SimpleQueue[Passage | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="book", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def later(self, passage: Passage) -> None:
        """Take a passage that is over; nobody may change it any more."""
        self._queue.put(passage)

    def enter(self, exchange: Exchange) -> Exchange:
        """Number an exchange, write it and tell of it; returns it as it was written."""
        with self._lock:
            self._count += 1
            numbered = replace(exchange, id=self._count, after=self._count - 1)
            try:
                self._write(numbered)
            except Problem as problem:
                self._complain(problem.sentence)
            self._tell(numbered)
        return numbered

    def close(self) -> None:
        """Write all that was taken, and end."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (passage := self._queue.get()) is not None:
            for _ in range(self._wait_for_a_lull()):
                self._enter(passage)
                if (following := self._queue.get()) is None:
                    return
                passage = following
            self._enter(passage)

    def _wait_for_a_lull(self) -> int:
        """Wait until nothing more came for a moment, and return how many have come meanwhile."""
        until = time.monotonic() + _LONGEST_WAIT_SECONDS
        count = self._queue.qsize()
        while time.monotonic() < until:
            time.sleep(_LULL_SECONDS)
            before, count = count, self._queue.qsize()
            if count == before:
                break
        return count

    def _enter(self, passage: Passage) -> None:
        try:
            self.enter(passage.exchange())
        except Exception as bug:  # the border: one exchange that cannot be made must not end the recording
            self._complain(f"An exchange could not be recorded: {type(bug).__name__}: {bug}.")
