"""How far a transfer is, passed from the thread that sends to the screen."""

from __future__ import annotations

import time
from collections.abc import Callable

from explorer.plain.progress import progress_text

_EVERY_SECONDS = 0.1


class SendingText:
    """Called with the bytes done and the bytes in all; tells a line of text ten times a second."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._started = self._shown = time.monotonic()
        self._last = 0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if done < self._last:
            self._started = now
        self._last = done
        if now - self._shown >= _EVERY_SECONDS:
            self._shown = now
            self._tell(progress_text(done, total, now - self._started, "sending"))
