"""HAR 1.2 (and 1.1, 1.3): read entry by entry, so that the file may be larger than memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from explorer.errors import FormatError
from explorer.formats.har_entries import entry_draft, own_exchange
from explorer.formats.importers import Imported, Reader, session_of
from explorer.formats.json_stream import JsonError, JsonStream
from explorer.formats.links import Links
from explorer.formats.remarks import Remarks
from explorer.formats.shelves import Gathering
from explorer.formats.sources import Source
from explorer.formats.unreadable import UNREADABLE, why
from explorer.formats.values import Json
from explorer.model import FlowCall, Session

LONGEST = 256 * 1024 * 1024
"""An entry of more characters is refused."""

_DEEPEST = 64
_ENTRIES = re.compile(rb'"log"\s*:\s*\{|"entries"\s*:\s*\[')
_ENTRY = re.compile(r'\{\s*"(?:startedDateTime|pageref|request|connection|_[A-Za-z]{1,40})"\s*:')


def _recognise(head: bytes) -> float:
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return 0.9 if bare.startswith(b"{") and _ENTRIES.search(bare[:4096]) and b'"log"' in bare[:4096] else 0.0


def _read(source: Source) -> Imported:
    return _Har(source.name, source.stream()).read()


class _Har:
    def __init__(self, name: str, stream: BinaryIO) -> None:
        self._name = name
        self._json = JsonStream(stream, LONGEST)
        self._maker = ""
        self._own: Json = {}
        self._links = Links()
        self._exchanges = Gathering()
        self._dropped = Remarks("entry", "entries")
        self._guessed = Remarks("entry", "entries")
        self._remark = ""
        self._without_login = 0

    def read(self) -> Imported:
        """Read the whole file; raises FormatError where no entry of it can be read."""
        try:
            has_log = False
            for name in self._json.members():
                if name == "log":
                    has_log = True
                    self._read_log()
                else:
                    self._json.value()
            if not has_log:
                raise JsonError("there is no 'log' in it, as a HAR has", 1)
        except JsonError as bad:
            if not self._exchanges:
                raise FormatError(self._name, f"this HAR cannot be read: {bad}.", f"line {bad.line}") from bad
            what = "is cut off" if bad.is_cut else f"cannot be read ({bad})"
            self._remark = (
                f"{self._name} {what} in line {bad.line}; the {len(self._exchanges)} entries before are shown."
            )
        if not self._exchanges:
            raise FormatError(self._name, "this HAR holds no entry that can be read.")
        return self._imported()

    def _read_log(self) -> None:
        for name in self._json.members():
            if name == "entries":
                self._read_entries()
                continue
            value = self._json.value()
            if name == "creator" and isinstance(value, dict):
                self._maker = str(value.get("name", ""))
            elif name == "version" and not re.fullmatch(r"1\.[1-9]\d{0,5}", str(value)):
                raise FormatError(self._name, f"this is HAR of version {value}; versions from 1.1 on are read.")
            elif name == "_explorer" and isinstance(value, dict):
                self._own = value

    def _read_entries(self) -> None:
        number = 0
        for number, entry in enumerate(self._entries(), start=1):
            try:
                self._take(number, entry)
            except UNREADABLE as bad:
                self._dropped.add(number, f"it cannot be read ({why(bad)})")

    def _entries(self) -> Iterator[object]:
        """Yield the entries; after one that is no JSON, go on where the next seems to begin."""
        items = self._json.items()
        for _ in items:
            while True:
                try:
                    entry = self._json.value()
                except JsonError as bad:
                    if bad.is_cut or not self._json.skip_to(_next_entry):
                        raise
                    self._dropped.add(len(self._exchanges) + 1, f"it is no JSON ({bad}, line {bad.line})")
                    continue
                break
            yield entry

    def _take(self, number: int, entry: object) -> None:
        if not isinstance(entry, dict):
            raise TypeError("it is no object")
        if self._json.openings() > _DEEPEST and _depth(entry) > _DEEPEST:
            raise ValueError(f"it is nested more than {_DEEPEST} deep")
        id = len(self._exchanges) + 1
        if self._maker == "registry-explorer" and isinstance(entry.get("_explorer"), dict):
            own = own_exchange(entry)
            exchange = replace(own, id=id, after=min(own.after, id - 1))
        else:
            draft = entry_draft(number, entry, self._maker, self._links)
            request = draft.request()
            exchange = draft.exchange(request, id, self._links.after(request, id), has_line=False)
            self._links.add(exchange)
        for note in exchange.notes if not self._own else ():
            self._guessed.add(number, note.words)
        self._without_login += "request.authorization" in exchange.unknown
        self._exchanges.add(exchange)

    def _imported(self) -> Imported:
        session = session_of(self._exchanges)
        if self._own:
            session = _own_session(self._own, session)
        guessed = self._guessed.lines()
        if self._without_login:
            words = (
                f"{self._without_login} entries have no Authorization, which browsers leave out of a HAR: "
                "whether one was sent is not known"
            )
            guessed = (words, *guessed)
        understood = (f"{len(self._exchanges)} exchanges, made by {self._maker or 'someone unnamed'}",)
        return Imported(session, "har", understood, guessed, self._dropped.lines(), self._remark)


def _next_entry(text: str, start: int) -> int:
    found = _ENTRY.search(text, start)
    return found.start() if found else -1


def _own_session(own: Json, session: Session) -> Session:
    try:
        flow = own["flow"]
        call = FlowCall(str(flow["name"]), dict(flow["arguments"]))
        return Session(
            str(own["made_with"]), float(own["started"]), call, session.exchanges, dict(own.get("extra") or {})
        )
    except UNREADABLE:
        return session


def _depth(value: object) -> int:
    """Return how deep a value is nested, up to a little more than what is taken."""
    depth, level = 0, [value]
    while level and depth <= _DEEPEST + 1:
        depth += 1
        level = [
            part
            for whole in level
            if isinstance(whole, dict | list)
            for part in (whole.values() if isinstance(whole, dict) else whole)
            if isinstance(part, dict | list)
        ]
    return depth


READER = Reader("har", "HAR 1.2, of browsers, proxies or this program", _recognise, _read)
