"""The session file, read: up to where it is whole."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from explorer.errors import FormatError, InputError
from explorer.formats.exchange_values import exchange_from_json, extra_of
from explorer.formats.sources import Source, open_source
from explorer.formats.values import Json
from explorer.model import Exchange, FlowCall, Session

FORMAT = "registry-explorer session"
VERSION = 1
HEAD_FIELDS: Json = dict.fromkeys(("format", "version", "made_with", "started", "flow"))
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, InputError)
"""What reading a value that is not of the expected shape may raise."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was read, and what is to be said about the file (empty where it is whole)."""

    session: Session
    remark: str = ""


def read_session(path: Path) -> Opened:
    """Read a session file; raises FormatError with the line where it is none."""
    with ExitStack() as resources:
        return read_source(open_source(str(path), resources))


def read_source(source: Source) -> Opened:
    """Read a session from a source; raises FormatError with the line where it is none."""
    lines = source.lines()
    head = _read_head(source.name, next(lines, b""))
    exchanges: list[Exchange] = []
    for number, line in enumerate(lines, start=2):
        if line == b"\n":
            continue
        try:
            exchanges.append(_read_exchange(line, exchanges))
        except UNREADABLE as bad:
            if not line.endswith(b"\n"):
                remark = (
                    f"Line {number} of {source.name} is cut off; the {len(exchanges)} exchanges before it are shown."
                )
                return Opened(replace(head, exchanges=tuple(exchanges)), remark)
            raise FormatError(source.name, f"no exchange can be read here ({bad}).", f"line {number}") from bad
    return Opened(replace(head, exchanges=tuple(exchanges)))


def _read_exchange(line: bytes, before: list[Exchange]) -> Exchange:
    exchange = exchange_from_json(_decoded(line))
    if exchange.id != len(before) + 1:
        raise ValueError(f"it has the id {exchange.id}, and {len(before) + 1} comes next")
    if exchange.after >= exchange.id:
        raise ValueError(f"it says it came after {exchange.after}, which comes later")
    return exchange


def _read_head(name: str, line: bytes) -> Session:
    try:
        head: Any = _decoded(line)
        if head["format"] != FORMAT:
            raise ValueError("another format")
        version = head["version"]
        flow = head["flow"]
        session = Session(
            str(head["made_with"]),
            float(head["started"]),
            FlowCall(str(flow["name"]), dict(flow["arguments"])),
            extra=extra_of(head, HEAD_FIELDS),
        )
    except UNREADABLE as bad:
        start = line[:40].decode("utf-8", "replace")
        raise FormatError(
            name,
            f"this is no session of registry-explorer: its first line names the format '{FORMAT}', and here it "
            f"begins {start!r}.",
            "line 1",
        ) from bad
    if version != VERSION:
        raise FormatError(name, f"it is of version {version}; this program reads version {VERSION}.", "line 1")
    return session


def _decoded(line: bytes) -> Any:
    return json.loads(line) if b"\\ud" in line else msgspec.json.decode(line)
