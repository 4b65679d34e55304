"""The session file: JSON Lines. The first line names format, version, maker and flow; each further one is an exchange.

A line is written whole with one write, and made durable by a thread of its own every 0.1 s and at the end, so a kill
loses at most the exchange in flight. A last line that is torn is passed over. Files are private (0600).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

from explorer.errors import FormatError, InputError
from explorer.formats.exchange_values import exchange_to_json, with_extra
from explorer.formats.session_reading import FORMAT, VERSION, Opened, read_session
from explorer.formats.shelves import encoded
from explorer.formats.values import Json
from explorer.model import Exchange, Session
from explorer.redact import masked, masked_arguments

__all__ = ["FORMAT", "VERSION", "Opened", "SessionWriter", "read_session", "session_lines"]

_SYNC_SECONDS = 0.1


class SessionWriter:
    """Appends exchanges to a new session file as they happen."""

    def __init__(self, path: Path, session: Session) -> None:
        """Make the file; raises InputError where it exists, FormatError where it cannot be made."""
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = _new_file(path)
        except OSError as bad:
            raise FormatError(path, f"the recording cannot be written there: {bad.strerror}.") from bad
        self._is_closed = threading.Event()
        self._is_dirty = threading.Event()
        self._write(_head_to_json(session))
        for exchange in session.exchanges:
            self.append(exchange)
        self._syncer = threading.Thread(target=self._sync, name="session-writer", daemon=True)
        self._syncer.start()

    def append(self, exchange: Exchange) -> None:
        """Write an exchange, without its credentials."""
        self._write(exchange_to_json(masked(exchange)))

    def close(self) -> None:
        """Make everything durable and close the file."""
        if self._is_closed.is_set():
            return
        self._is_closed.set()
        self._is_dirty.set()
        self._syncer.join()
        os.fsync(self._file)
        os.close(self._file)

    def _write(self, value: Json) -> None:
        if self._is_closed.is_set():
            raise FormatError(self.path, "the recording is closed, so nothing can be added to it.")
        line = memoryview(encoded(value) + b"\n")
        end = os.fstat(self._file).st_size
        try:
            while line:
                line = line[os.write(self._file, line) :]
        except OSError as bad:
            # Half a line in the middle would make the file unreadable, once there is room again.
            os.ftruncate(self._file, end)
            raise FormatError(self.path, f"the recording cannot be continued: {bad.strerror}.") from bad
        self._is_dirty.set()

    def _sync(self) -> None:
        while not self._is_closed.is_set():
            self._is_dirty.wait()
            self._is_dirty.clear()
            os.fsync(self._file)
            self._is_closed.wait(_SYNC_SECONDS)


def session_lines(session: Session) -> Iterator[bytes]:
    """Yield the lines of the file that a session makes, without its credentials."""
    yield encoded(_head_to_json(session)) + b"\n"
    for exchange in session.exchanges:
        yield encoded(exchange_to_json(masked(exchange))) + b"\n"


def _new_file(path: Path) -> int:
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    except FileExistsError as exists:
        raise InputError(f"{path} exists already, and recordings are never overwritten: name another.") from exists


def _head_to_json(session: Session) -> Json:
    flow = {"name": session.call.flow, "arguments": masked_arguments(session.call.arguments)}
    head = {"format": FORMAT, "version": VERSION, "made_with": session.made_with, "started": session.started}
    return with_extra({**head, "flow": flow}, session.extra)
