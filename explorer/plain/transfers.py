"""Sending in line mode: in a thread, told in lines how far it is, and ended by Ctrl-C without ending the program."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from explorer.model import Progress
from explorer.visible import size_text

_LOOK_SECONDS = 0.05
_TELL_EVERY = 5.0


class _Under:
    """What is under way in a thread: how far it is, and what it raised."""

    def __init__(self, send: Callable[[Progress], object]) -> None:
        self._send = send
        self.done = threading.Event()
        self.raised: BaseException | None = None
        self.sent = (0, 0)

    def run(self) -> None:
        try:
            self._send(self._progress)
        except BaseException as raised:  # handed over to the thread that waits, which raises it
            self.raised = raised
        finally:
            self.done.set()

    def _progress(self, done: int, total: int) -> None:
        self.sent = (done, total)


def transferred(
    send: Callable[[Progress], object], stop: Callable[[], None], pause: Callable[[], None] | None = None
) -> Iterator[str]:
    """Send in a thread and yield in lines how far it is, every few seconds.

    Ctrl-C calls `stop`; where there is a `pause`, the first one calls that. Raises what the sending raised.
    """
    under = _Under(send)
    pressed: list[int] = []

    def end() -> None:
        pressed.append(1)
        (pause if pause and len(pressed) == 1 else stop)()

    with _at_ctrl_c(end):
        thread = threading.Thread(target=under.run, name="send", daemon=True)
        thread.start()
        said = 0
        waited = 0.0
        try:
            while not under.done.wait(_LOOK_SECONDS):
                waited += _LOOK_SECONDS
                if len(pressed) > said:
                    said = len(pressed)
                    yield _answer_to(said, can_pause=pause is not None)
                elif waited >= _TELL_EVERY:
                    waited = 0.0
                    yield how_far(*under.sent)
        finally:
            if not under.done.is_set():
                stop()
                under.done.wait()
    if under.raised:
        raise under.raised


def _answer_to(pressed: int, *, can_pause: bool) -> str:
    if can_pause and pressed == 1:
        return "Pausing: the run ends after this exchange. Ctrl-C again stops it now."
    return "Stopping."


def how_far(done: int, total: int) -> str:
    """Return in words how far a transfer is."""
    if not done:
        return "Waiting for the answer."
    if not total:
        return f"{size_text(done)} so far."
    if done >= total:
        return f"All {size_text(total)} are sent; waiting for the answer."
    return f"{done * 100 // total} percent: {size_text(done)} of {size_text(total)}."


@contextmanager
def _at_ctrl_c(act: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-C do something else than end the program, where this is the thread that hears it."""

    def heard(_number: int, _frame: FrameType | None) -> None:
        act()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, heard)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
