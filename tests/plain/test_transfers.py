"""Transfers in line mode: Ctrl-C ends what is under way, and what they raise is raised."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from explorer.errors import InputError
from explorer.model import Progress
from explorer.plain.transfers import how_far, transferred


class Under:
    """Something that is sent until it is stopped, in which Ctrl-C is pressed so many times."""

    def __init__(self, presses: int) -> None:
        self._presses = presses
        self._stopped = threading.Event()
        self._paused = threading.Event()

    def send(self, progress: Progress) -> None:
        progress(1, 2)
        for _ in range(self._presses):
            os.kill(os.getpid(), signal.SIGINT)
            self._paused.wait(60)
        assert self._stopped.wait(60)

    def pause(self) -> None:
        self._paused.set()

    def stop(self) -> None:
        self._paused.set()
        self._stopped.set()


def test_ctrl_c_stops_what_is_sent() -> None:
    under = Under(1)
    assert set(transferred(under.send, under.stop)) <= {"Stopping."}


def test_a_run_is_paused_by_the_first_ctrl_c_and_stopped_by_the_second() -> None:
    under = Under(2)
    said = [*transferred(under.send, under.stop, under.pause)]
    assert set(said) <= {"Stopping.", "Pausing: the run ends after this exchange. Ctrl-C again stops it now."}


def test_ctrl_c_means_what_it_meant_after_a_transfer() -> None:
    before = signal.getsignal(signal.SIGINT)
    assert [*transferred(lambda _: None, lambda: None)] == []
    assert signal.getsignal(signal.SIGINT) is before


def test_what_the_sending_raises_is_raised() -> None:
    def refuse(_: Progress) -> None:
        raise InputError("It cannot be.")

    with pytest.raises(InputError, match="It cannot be"):
        [*transferred(refuse, lambda: None)]


@pytest.mark.parametrize(
    ("done", "total", "words"),
    [
        (0, 0, "Waiting for the answer."),
        (512, 0, "512 B so far."),
        (512, 1024, "50 percent: 512 B of 1.0 KiB."),
        (1024, 1024, "All 1.0 KiB are sent; waiting for the answer."),
    ],
)
def test_how_far_it_is_is_said_in_words(done: int, total: int, words: str) -> None:
    assert how_far(done, total) == words
