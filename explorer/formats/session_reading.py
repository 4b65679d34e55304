"""The session file, read: whatever of it is whole.

A small file is parsed at once. Of a larger one, each line is checked and summed up, and parsed when it is looked at, so
that memory does not grow with what was recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from explorer.errors import FormatError
from explorer.formats.exchange_values import exchange_from_json, extra_of
from explorer.formats.remarks import Remarks
from explorer.formats.shelves import LineShelf, decoded, unreadable
from explorer.formats.sources import Source
from explorer.formats.unpacking import open_plain
from explorer.formats.unreadable import UNREADABLE, why
from explorer.formats.values import Json
from explorer.frozen import frozen
from explorer.model import Exchange, FlowCall, History, Session

FORMAT = "registry-explorer session"
VERSION = 1
_FLOW_FIELDS: Json = {"name": None, "arguments": None}
HEAD_FIELDS: Json = {"format": None, "version": None, "made_with": None, "started": None, "flow": _FLOW_FIELDS}
PARSED_AT_ONCE = 4 * 1024 * 1024
"""A file of up to so many bytes is parsed when it is opened."""

_SLICE = 1024 * 1024
_FIRST = 128 * 1024
"""So many bytes are enough for a first screen."""


_NOTHING = Session("", 0.0, FlowCall(""))


@frozen
class Opened:
    """A session that was read, and what is to be said about the file (empty where it is whole).

    `broken` names the lines that could not be read, and why.
    """

    session: Session
    remark: str = ""
    broken: tuple[str, ...] = ()


def read_session(path: Path) -> Opened:
    """Read a session file; raises FormatError with the line where it is none."""
    with ExitStack() as resources:
        return read_source(open_plain(str(path), resources))


def read_source(source: Source) -> Opened:
    """Read a session from a source; raises FormatError with the line where it is none, or where nothing is whole."""
    reading = _Parsing(source) if source.size <= PARSED_AT_ONCE else _Shelving(source)
    return reading.read()


class Growing:
    """A session that is read on and on: its list can be shown from the beginning, before its end was read."""

    def __init__(self, source: Source, resources: ExitStack) -> None:
        """Read the first exchanges; raises FormatError. What has to be closed at the end is in `resources`."""
        self._resources = resources
        self._size = max(1, source.size)
        self._reading = _Shelving(source)
        self._slices = self._reading.slices(_FIRST, _SLICE)
        self.share = 0.0  # of the file that was read, from 0 to 1
        self.is_through = False
        try:
            while not self.opened.session.exchanges and not self.is_through:
                self.read_on()
        except FormatError:
            self.close()
            raise

    @property
    def opened(self) -> Opened:
        """What was read so far; raises FormatError where that is lines, and none of them is whole."""
        return self._reading.so_far() if not self.is_through else self._reading.opened()

    def read_on(self) -> None:
        """Read a part more of the file."""
        read = next(self._slices, None)
        self.share = 1.0 if read is None else read / self._size
        if read is None:
            self.is_through = True
            self.close()

    def close(self) -> None:
        """Read no further."""
        self._resources.close()


class _Reading:
    """Goes through the lines. One that cannot be read is passed over; the ids that follow tell what it was."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._broken = Remarks()
        self._missing = 0  # lines that could not be read and whose exchange may be missing
        self._first = ""
        self._cut = ""
        self._head: Session | None = None

    def read(self) -> Opened:
        """Read it all."""
        for _ in self.slices():
            pass
        return self.opened()

    def slices(self, first: int = _SLICE, size: int = _SLICE) -> Iterator[int]:
        """Read on; yields how many bytes were read: after the `first` ones, and after each `size` more."""
        lines = self._source.lines()
        head = next(lines, b"")
        self._head = _read_head(self._source.name, head)
        offset = len(head)
        wanted = offset + first
        for number, line in enumerate(lines, start=2):
            if line != b"\n":
                self._line(number, line, offset)
            offset += len(line)
            if offset >= wanted:
                wanted = offset + size
                yield offset

    def so_far(self) -> Opened:
        """Return what was read until here of a file that was not read to its end."""
        return Opened(self._session(self._head)) if self._head else Opened(_NOTHING)

    def opened(self) -> Opened:
        """Return what was read; raises FormatError where nothing is whole."""
        count = self._count()
        if not count and self._first and not self._cut:
            raise FormatError(self._source.name, self._first)
        assert self._head
        return Opened(self._session(self._head), self._remark(count), self._broken.lines())

    def _line(self, number: int, line: bytes, offset: int) -> None:
        try:
            id, after = self._look(line)
            expected = self._count() + 1
            if not expected <= id <= expected + self._missing:
                raise ValueError(f"it has the id {id}, and {expected} comes next")
            if after >= id:
                raise ValueError(f"it says it came after {after}, which comes later")
        except UNREADABLE as bad:
            if not line.endswith(b"\n"):
                self._cut = f"Line {number} of {self._source.name} is cut off"
                return
            self._missing += 1
            self._first = self._first or f"no exchange can be read in line {number} ({why(bad)})."
            self._broken.add(number, f"no exchange can be read here ({why(bad)})")
            return
        for lost in range(expected, id):
            self._lost(unreadable(lost, "The line of this exchange cannot be read."))
        self._missing -= id - expected
        self._keep(line, offset)

    def _remark(self, count: int) -> str:
        if self._cut:
            return f"{self._cut}; the {count} exchanges before it are shown."
        if not self._broken.count:
            return ""
        what = "line" if self._broken.count == 1 else "lines"
        return (
            f"{self._broken.count} {what} of {self._source.name} cannot be read, the first of them: {self._first} "
            f"The other {count} exchanges are shown."
        )

    def _look(self, line: bytes) -> tuple[int, int]:
        raise NotImplementedError

    def _keep(self, line: bytes, offset: int) -> None:
        raise NotImplementedError

    def _lost(self, exchange: Exchange) -> None:
        raise NotImplementedError

    def _count(self) -> int:
        raise NotImplementedError

    def _session(self, head: Session) -> Session:
        raise NotImplementedError


class _Parsing(_Reading):
    """Parses each line."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._exchanges: list[Exchange] = []
        self._now: Exchange | None = None

    def _look(self, line: bytes) -> tuple[int, int]:
        self._now = exchange_from_json(decoded(line))
        return self._now.id, self._now.after

    def _keep(self, line: bytes, offset: int) -> None:
        del line, offset
        assert self._now
        self._exchanges.append(self._now)

    def _lost(self, exchange: Exchange) -> None:
        self._exchanges.append(exchange)

    def _count(self) -> int:
        return len(self._exchanges)

    def _session(self, head: Session) -> Session:
        return replace(head, exchanges=tuple(self._exchanges))


class _Shelving(_Reading):
    """Sums each line up, and remembers where it is."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._shelf = LineShelf(source.own_stream())
        self._history: History | None = None

    def _look(self, line: bytes) -> tuple[int, int]:
        return self._shelf.look(line)

    def _keep(self, line: bytes, offset: int) -> None:
        self._shelf.keep(offset, len(line))

    def _lost(self, exchange: Exchange) -> None:
        self._shelf.lost(exchange)

    def _count(self) -> int:
        return len(self._shelf)

    def _session(self, head: Session) -> Session:
        self._history = History(self._shelf) if self._history is None else self._history.grown()
        return replace(head, exchanges=self._history)


def _read_head(name: str, line: bytes) -> Session:
    head = _head_of(name, line)
    version = head.get("version")
    if version != VERSION or isinstance(version, bool):
        told = f"of version {version!r}" if "version" in head else "a session without a version"
        raise FormatError(name, f"it is {told}; this program reads version {VERSION}.", "line 1")
    try:
        flow = head["flow"]
        return Session(
            str(head["made_with"]),
            float(head["started"]),
            FlowCall(str(flow["name"]), dict(flow["arguments"])),
            extra=extra_of(head, HEAD_FIELDS),
        )
    except UNREADABLE as bad:
        raise FormatError(
            name,
            f"this is a session, but its first line cannot be read ({why(bad)}); it has to have "
            f"{', '.join(HEAD_FIELDS)}.",
            "line 1",
        ) from bad


def _head_of(name: str, line: bytes) -> Json:
    """Return the first line of a session; raises FormatError where it is that of something else."""
    try:
        head: Any = decoded(line)
        if head["format"] == FORMAT:
            return dict(head)
    except UNREADABLE:
        pass
    start = line[:40].decode("utf-8", "replace")
    raise FormatError(
        name,
        f"this is no session of registry-explorer: its first line names the format '{FORMAT}', and here it "
        f"begins {start!r}.",
        "line 1",
    )
