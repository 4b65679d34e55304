"""The session file: JSON Lines. The first line names format, version, maker and flow; each further one is an exchange.

A line is written whole with one write, and made durable by a thread of its own every 0.15 s and at the end, so a kill
loses at most the exchange in flight. A last line that is torn is passed over. Files are private (0600).
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from explorer.errors import FormatError, InputError
from explorer.formats.values import Json, exchange_from_json, exchange_to_json
from explorer.model import Exchange, FlowCall, Session
from explorer.redact import masked, masked_arguments

FORMAT = "registry-explorer session"
VERSION = 1
_SYNC_SECONDS = 0.15
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, InputError)


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was read, and what is to be said about the file (empty where it is whole)."""

    session: Session
    remark: str = ""


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
        line = memoryview(_encoded(value) + b"\n")
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


def _new_file(path: Path) -> int:
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    except FileExistsError as exists:
        raise InputError(f"{path} exists already, and recordings are never overwritten: name another.") from exists


def _encoded(value: Json) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        # Names of files need not be UTF-8; Python has the odd bytes as lone surrogates, which JSON can escape.
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def _decoded(line: bytes) -> Any:
    return json.loads(line) if b"\\ud" in line else msgspec.json.decode(line)


def _head_to_json(session: Session) -> Json:
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_with": session.made_with,
        "started": session.started,
        "flow": {"name": session.call.flow, "arguments": masked_arguments(session.call.arguments)},
    }


def read_session(path: Path) -> Opened:
    """Read a session file; raises FormatError with the line where it is none."""
    try:
        lines = path.read_bytes().split(b"\n")
    except IsADirectoryError as bad:
        raise FormatError(path, "this is a folder; a session file was expected.") from bad
    except OSError as bad:
        raise FormatError(path, f"the session cannot be read: {bad.strerror}.") from bad
    head = _read_head(path, lines[0])
    torn = lines[-1] != b""
    exchanges: list[Exchange] = []
    remark = ""
    for number, line in enumerate(lines[1:], start=2):
        is_last = number == len(lines)
        if not line:
            continue
        try:
            exchanges.append(_read_exchange(line, exchanges))
        except _UNREADABLE as bad:
            if is_last and torn:
                remark = f"Line {number} of {path} is cut off; the {len(exchanges)} exchanges before it are shown."
                break
            raise FormatError(path, f"no exchange can be read here ({bad}).", f"line {number}") from bad
    return Opened(Session(head.made_with, head.started, head.call, tuple(exchanges)), remark)


def _read_exchange(line: bytes, before: list[Exchange]) -> Exchange:
    exchange = exchange_from_json(_decoded(line))
    if exchange.id != len(before) + 1:
        raise ValueError(f"it has the id {exchange.id}, and {len(before) + 1} comes next")
    if exchange.after >= exchange.id:
        raise ValueError(f"it says it came after {exchange.after}, which comes later")
    return exchange


def _read_head(path: Path, line: bytes) -> Session:
    try:
        head: Any = _decoded(line)
        if head["format"] != FORMAT:
            raise ValueError("another format")
        version = head["version"]
        flow = head["flow"]
        session = Session(
            str(head["made_with"]), float(head["started"]), FlowCall(str(flow["name"]), dict(flow["arguments"]))
        )
    except _UNREADABLE as bad:
        start = line[:40].decode("utf-8", "replace")
        raise FormatError(
            path,
            f"this is no session of registry-explorer: its first line names the format '{FORMAT}', and here it "
            f"begins {start!r}.",
            "line 1",
        ) from bad
    if version != VERSION:
        raise FormatError(path, f"it is of version {version}; this program reads version {VERSION}.", "line 1")
    return session
