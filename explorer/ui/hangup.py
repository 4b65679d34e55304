"""A terminal that goes away without a word: the program ends, as it does where the system tells it (SIGHUP)."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time

_GRACE = 5.0
"""Seconds to end in; what draws may wait for ever for a terminal that is gone."""


def watch_terminal() -> None:
    """Wait beside the app for the end of the terminal; none comes where stdin is none.

    SIGHUP goes only to the terminal's own group. Without it a read gives nothing at once, again and again.
    """
    stdin = sys.__stdin__
    if stdin is not None and stdin.isatty():
        threading.Thread(target=_wait, args=(stdin.fileno(),), name="hangup", daemon=True).start()


def _wait(terminal: int) -> None:
    poll = select.poll()
    poll.register(terminal, 0)  # nothing is asked for: only hang-ups and errors are told
    poll.poll()
    os.kill(os.getpid(), signal.SIGHUP)
    time.sleep(_GRACE)
    os._exit(128 + signal.SIGHUP)
