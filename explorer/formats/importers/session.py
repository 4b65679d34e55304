"""The program's own session file."""

from __future__ import annotations

from explorer.formats.importers import Imported, Reader
from explorer.formats.session_reading import FORMAT, read_source
from explorer.formats.sources import Source


def _recognise(head: bytes) -> float:
    return 1.0 if FORMAT.encode() in head.split(b"\n", 1)[0] and head.lstrip()[:1] == b"{" else 0.0


def _read(source: Source) -> Imported:
    opened = read_source(source)
    count = len(opened.session.exchanges)
    return Imported(opened.session, "session", (f"{count} exchanges",), (), opened.broken, opened.remark)


READER = Reader("session", "session of registry-explorer (JSON lines)", _recognise, _read)
