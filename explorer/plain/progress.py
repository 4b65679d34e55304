"""A progress bar on standard error, where that is a terminal: bytes, rate and time left."""

from __future__ import annotations

import os
import shutil
import sys
import time

from explorer.visible import size_text

_BAR = 20
_AFTER_SECONDS = 0.5
_EVERY_SECONDS = 0.1
_TELL_SECONDS = 5.0


class Bar:
    """Draws itself when called with the bytes done and the bytes in all; short transfers never show it."""

    def __init__(self, what: str = "") -> None:
        self._what = what
        self._is_terminal = sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._started = time.monotonic()
        self._drawn_at = 0.0
        self._last = 0
        self._is_drawn = False

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if done < self._last:
            self.clear()
        self._last = done
        is_through = bool(total) and done >= total
        if not self._is_terminal or now - self._started < _AFTER_SECONDS:
            return
        if is_through and self._is_drawn:
            self.clear()
        elif not is_through and now - self._drawn_at >= _EVERY_SECONDS:
            self._drawn_at = now
            self._is_drawn = True
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write(f"\r\x1b[K{progress_text(done, total, now - self._started, self._what)[:width]}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the bar away."""
        if self._is_drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
        self._started = time.monotonic()
        self._drawn_at = 0.0
        self._last = 0
        self._is_drawn = False


class ByLine:
    """Tells in lines on standard error how far something is, every few seconds: nothing is drawn over."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._told_at = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told_at >= _TELL_SECONDS:
            self._told_at = now
            share = f"{done * 100 // total} percent, " if total else ""
            sys.stderr.write(f"{self._what}: {share}{size_text(done)}\n")
            sys.stderr.flush()

    def clear(self) -> None:
        """There is nothing to take away."""


def bar_for(what: str, *, plain: bool) -> Bar | ByLine:
    """Return what tells how far something is: by a bar, or in line mode by lines."""
    return ByLine(what) if plain else Bar(what)


def progress_text(done: int, total: int, seconds: float, what: str = "", width: int = _BAR) -> str:
    """Return a progress line: a bar of `width` characters, bytes done and in all, bytes a second, time left."""
    rate = done / seconds if seconds > 0 else 0.0
    speed = f"{size_text(int(rate))}/s"
    if not total:
        return f"{what} {size_text(done)}  {speed}".strip()
    filled = min(width, done * width // total)
    left = f"{_clock((total - done) / rate)} left" if rate else ""
    bar = "#" * filled + "." * (width - filled)
    return (
        f"{what} [{bar}] {done * 100 // total:3d} %  {size_text(done)} of {size_text(total)}  {speed}  {left}".strip()
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
