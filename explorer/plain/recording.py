"""The recorder without a screen: each exchange as lines when it is over, and a command's output beside them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from explorer import garbage
from explorer.formats.session import SessionWriter
from explorer.model import Exchange, Session
from explorer.plain.transcript import exchange_lines
from explorer.recorder import Book, Recorder, Recording
from explorer.recorder.commands import Command
from explorer.recorder.hints import begin_lines, reachable
from explorer.visible import size_text, visible

Say = Callable[[str], None]

OUTPUT = "| "
"""What a line of the command's output begins with."""

_IDLE_SECONDS = 1.0


class _Told:
    """Says what happens, one whole thing at a time, and counts."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._lock = threading.Lock()
        self.count = 0
        self.sent = 0

    def exchange(self, exchange: Exchange) -> None:
        """Say an exchange."""
        self.count += 1
        self.sent += exchange.sent_size
        self.lines([*exchange_lines(exchange)])

    def output(self, line: bytes) -> None:
        """Say a line of the command's output."""
        self.lines([OUTPUT + visible(line.decode("utf-8", "replace"))])

    def problem(self, sentence: str) -> None:
        """Say what went wrong."""
        self.lines([f"* {visible(sentence)}"])

    def lines(self, lines: list[str]) -> None:
        """Say lines that belong together."""
        with self._lock:
            self._say("\n".join(lines))


def record_plainly(wanted: Recording, session: Session, path: Path, command: Sequence[str], say: Say) -> int:
    """Record until Ctrl-C, or until the command ends, and return its exit status (0 without one).

    Raises InputError or FormatError where something cannot begin.
    """
    garbage.keep()  # what there is by now stays; no collection has to go through it while something passes
    told = _Told(say)
    writer = SessionWriter(path, session)
    try:
        with Book(writer.append, told.exchange, told.problem) as book, Recorder(wanted, book) as recorder:
            told.lines([visible(line) for line in begin_lines(wanted, recorder.address, with_clients=not command)])
            status = _until_the_end(recorder, command, told)
    finally:
        writer.close()
    say(f"{told.count} exchange{'' if told.count == 1 else 's'}, {size_text(told.sent)} sent")
    say(f"Recording: {visible(str(path))}")
    return status


def _until_the_end(recorder: Recorder, command: Sequence[str], told: _Told) -> int:
    if command:
        running = Command(command, reachable(recorder.address).authority, told.output, os.environ)
        status = running.wait_and_pass_signals_on()
        recorder.wait_until_idle(_IDLE_SECONDS)
        return status
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        told.lines([""])
    return 0
