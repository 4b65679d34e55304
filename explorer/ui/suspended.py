"""The terminal itself, in the place of the screen, for a while; what tells the program to end is heard there, too."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from textual.app import App, SuspendNotSupported

from explorer.errors import Ended, InputError, Problem

_ENDING = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def suspended(app: App[Any], *, breaks: bool) -> Iterator[None]:
    """Leave the screen, and come back to it; raises InputError where the screen cannot be left.

    The screen's own loop, which hears signals, stands still meanwhile. So a signal that ends the program breaks off
    what is waited for here, and the app is left. With `breaks`, Ctrl-C breaks it off, too, and leads back to the
    screen; without, it is for whoever has the terminal.
    """
    problem: Problem | None = None
    try:
        with app.suspend():
            try:
                with _heard(breaks):
                    yield
            except Ended:
                app.exit()
            except KeyboardInterrupt:
                pass
            except Problem as found:  # told when the screen is back
                problem = found
    except SuspendNotSupported as bad:
        raise InputError("This screen cannot be left for the terminal itself.") from bad
    if problem:
        raise problem


@contextmanager
def _heard(breaks: bool) -> Iterator[None]:
    """Hear signals at once, not in the loop."""
    wakes = signal.set_wakeup_fd(-1)
    before = {one: signal.getsignal(one) for one in (*_ENDING, signal.SIGINT)}
    for one in _ENDING:
        signal.signal(one, _end)
    signal.signal(signal.SIGINT, signal.default_int_handler if breaks else _ignore)
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
            signal.siginterrupt(one, False)
        signal.set_wakeup_fd(wakes)


def _end(*_: object) -> None:
    raise Ended


def _ignore(*_: object) -> None:
    """Do nothing; unlike SIG_IGN, this is not handed on to a program that is started."""
