"""Exchanges that lie in a file, a line each: summed up at once, and parsed when they are looked at."""

from __future__ import annotations

import json
import os
import tempfile
import weakref
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import msgspec

from explorer.formats.exchange_values import exchange_from_json, exchange_to_json
from explorer.formats.glimpses import glimpse_of_line
from explorer.formats.unreadable import UNREADABLE, why
from explorer.formats.values import INLINE, Json
from explorer.model import Exchange, Failure, Glimpse, History, Origin, Request, Summary, summary_of

_AHEAD = 256 * 1024
_NOWHERE = Origin("http", "unknown.invalid", 80)


class _Line(msgspec.Struct):
    """The fields of a line that a list needs; the others are checked to be JSON, and passed over."""

    id: int
    after: int
    title: str
    request: msgspec.Raw
    method: str = ""
    status: int = 0
    error: msgspec.Raw = msgspec.Raw(b"null")
    proposed: msgspec.Raw = msgspec.Raw(b"null")
    basis: object = "observed"
    timings: msgspec.Raw = msgspec.Raw(b"null")


class _Timings(msgspec.Struct):
    finished: float | None = None


_DECODER = msgspec.json.Decoder(_Line)
_TIMINGS = msgspec.json.Decoder(_Timings | None)


class LineShelf:
    """Lines of a file that are exchanges; it keeps the file open for as long as it is used."""

    def __init__(self, stream: BinaryIO) -> None:
        """Take a stream of its own, which can seek."""
        self._stream = stream
        self._descriptor = _descriptor_of(stream)
        weakref.finalize(self, stream.close)
        self._offsets = array("Q")
        self._sizes = array("L")
        self._summaries: list[Summary] = []
        self._lost: dict[int, Exchange] = {}
        self._titles: dict[str, str] = {}
        self._now: Summary | None = None
        self._ahead = (0, b"")  # a part of the file, and where it begins

    def __len__(self) -> int:
        return len(self._offsets)

    def look(self, line: bytes) -> tuple[int, int]:
        """Sum a line up, and return id and `after` of its exchange; raises what msgspec and json raise."""
        try:
            found = _DECODER.decode(line)
        except msgspec.DecodeError:
            if b"\\ud" not in line:
                raise
            found = msgspec.convert(_raw(json.loads(line)), _Line)
        title = self._titles.setdefault(found.title, found.title)
        method = self._titles.setdefault(found.method, found.method)
        is_edited = bytes(found.proposed) != b"null"
        basis = self._titles.setdefault(str(found.basis), str(found.basis))
        is_failed = bytes(found.error) != b"null"
        took = _took(found.timings)
        self._now = Summary(found.after, title, method, found.status, is_failed, is_edited, basis, took)
        return found.id, found.after

    def keep(self, offset: int, size: int) -> None:
        """Remember where the line lies that was looked at last."""
        assert self._now, "a line has to be looked at before"
        self.put(offset, size, self._now)

    def lost(self, exchange: Exchange) -> None:
        """Put an exchange in memory in the place of a line: one says what cannot be read, or has what no line holds."""
        self._lost[len(self)] = exchange
        self.put(0, 0, summary_of(exchange))

    def summary(self, index: int) -> Summary:
        """Return what a list needs of the exchange at a place."""
        return self._summaries[index]

    def glimpse(self, index: int) -> Glimpse | None:
        """Return the texts of the exchange at a place; None where only the exchange itself tells them.

        Reads ahead: whoever looks at one exchange after the other waits for the file once in some hundreds of them.
        """
        if index in self._lost:
            return None
        offset, size = self._offsets[index], self._sizes[index]
        start, block = self._ahead
        if not start <= offset <= offset + size <= start + len(block):
            try:
                start, block = self._ahead = offset, self._read(offset, max(size, _AHEAD))
            except OSError:
                return None
        return glimpse_of_line(block[offset - start : offset - start + size])

    def load(self, index: int) -> Exchange:
        """Return the exchange at a place; one that says why where it cannot be read."""
        if index in self._lost:
            return self._lost[index]
        try:
            return exchange_from_json(decoded(self._read(self._offsets[index], self._sizes[index])))
        except (OSError, *UNREADABLE) as bad:
            return unreadable(index + 1, f"The line of this exchange cannot be read ({why(bad)}).")

    def _read(self, offset: int, size: int) -> bytes:
        """Read at a place; where it is a file, from any thread at once."""
        if self._descriptor is not None:
            return os.pread(self._descriptor, size, offset)
        self._stream.seek(offset)
        return self._stream.read(size)

    def put(self, offset: int, size: int, summary: Summary) -> None:
        """Remember a line of which the summary is known."""
        if len(self._titles) > 100_000:
            self._titles.clear()
        self._offsets.append(offset)
        self._sizes.append(size)
        self._summaries.append(summary)


def _took(timings: msgspec.Raw) -> float | None:
    """Return when an exchange was through; None where that is no number. Whoever loads the exchange says why."""
    try:
        found = _TIMINGS.decode(timings)
    except msgspec.DecodeError:
        return None
    return found.finished if found else None


class Gathering:
    """Takes exchanges one after the other: a few stay in memory, many go into a file without a name."""

    def __init__(self, held: int = 2000, *, whole: bool = False) -> None:
        """Hold so many exchanges in memory before a file is begun.

        `whole` keeps in memory, too, what would not come back from a file as it was: bodies of more than INLINE bytes.
        """
        self._held = held
        self._whole = whole
        self._exchanges: list[Exchange] = []
        self._shelf: LineShelf | None = None
        self._file: BinaryIO | None = None
        self._offset = 0
        self.started = 0.0

    def __len__(self) -> int:
        return len(self._exchanges) + (len(self._shelf) if self._shelf else 0)

    def add(self, exchange: Exchange) -> None:
        """Take one more."""
        begun = exchange.timings.started
        self.started = min(self.started or begun, begun) if begun else self.started
        self._exchanges.append(exchange)
        if len(self._exchanges) >= self._held:
            self._put_away()

    def exchanges(self) -> Sequence[Exchange]:
        """Return all that was taken."""
        if self._shelf is None:
            return tuple(self._exchanges)
        self._put_away()
        return History(self._shelf)

    def _put_away(self) -> None:
        if self._shelf is None or self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - the shelf keeps it open
            self._shelf = LineShelf(self._file)
        self._file.seek(self._offset)
        for exchange in self._exchanges:
            if self._whole and _is_large(exchange):
                self._shelf.lost(exchange)
                continue
            line = encoded(exchange_to_json(exchange)) + b"\n"
            self._file.write(line)
            self._shelf.put(self._offset, len(line), summary_of(exchange))
            self._offset += len(line)
        self._file.flush()
        self._exchanges.clear()


def kept(exchanges: Iterable[Exchange]) -> Sequence[Exchange]:
    """Return exchanges, each as it is, in an order that can be gone through again; many of them are kept in a file."""
    gathering = Gathering(whole=True)
    for exchange in exchanges:
        gathering.add(exchange)
    return gathering.exchanges()


def _is_large(exchange: Exchange) -> bool:
    bodies = (exchange.request.body, exchange.proposed.body, exchange.response.body if exchange.response else b"")
    return any(isinstance(body, bytes) and len(body) > INLINE for body in bodies)


def _descriptor_of(stream: BinaryIO) -> int | None:
    try:
        return stream.fileno()
    except (OSError, ValueError):
        return None


def unreadable(id: int, sentence: str) -> Exchange:
    """Return an exchange that stands where one cannot be read."""
    nothing = Request("?", _NOWHERE, "?")
    unknown = ("request.headers", "request.method", "request.origin", "request.target")
    return Exchange(
        id, id - 1, "cannot be read", nothing, nothing, error=Failure("unreadable", sentence), unknown=unknown
    )


def encoded(value: Json) -> bytes:
    """Return a value as a line of the file, without its end."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        # Names of files need not be UTF-8; Python has the odd bytes as lone surrogates, which JSON can escape.
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def decoded(line: bytes) -> Any:
    """Return the value of a line."""
    return json.loads(line) if b"\\ud" in line else msgspec.json.decode(line)


def _raw(value: Json) -> Json:
    """Return the value of a line with the parts that are not looked at as JSON again."""
    parts = {name: msgspec.Raw(json.dumps(value.get(name)).encode()) for name in ("request", "error", "proposed")}
    return {**value, **parts}
