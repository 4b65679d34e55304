"""Texts: a mixture of whatever the scanners know, or, where it is named, one kind of text alone."""

from __future__ import annotations

import tempfile
from functools import partial
from itertools import dropwhile

from explorer.errors import FormatError
from explorer.formats.importers import HEAD, Imported, Reader, har, session
from explorer.formats.session_reading import FORMAT
from explorer.formats.sources import Source
from explorer.formats.texts.reading import bare_text, read_text, scanner_kinds

_PASTED = ((FORMAT.encode(), session.READER), (b'"entries"', har.READER))
_NO_TEXT = bytes(code for code in range(32) if code not in (7, 8, 9, 10, 12, 13, 27))


def _recognise(head: bytes) -> float:
    """Say that it may be a text: few of its bytes are control characters (a log may quote some that it was sent)."""
    strange = len(head) - len(head.translate(None, _NO_TEXT))
    return 0.1 if strange * 25 <= len(head) else 0.0


def _never(head: bytes) -> float:
    del head
    return 0.0


def _read(source: Source) -> Imported:
    """Read a mixture; where no exchange is in it, a HAR or a session may have been pasted between marks of code."""
    try:
        return read_text(source, scanner_kinds())
    except FormatError:
        head = source.head(HEAD)
        reader = next((reader for mark, reader in _PASTED if mark in head), None)
        if reader is None:
            raise
        with tempfile.TemporaryFile() as kept:
            lines = dropwhile(lambda line: not line.lstrip().startswith(b"{"), bare_text(source))
            kept.writelines(line for line in lines if line.strip())
            return reader.read(Source(kept, source.name))


READERS = (
    Reader("text", "a mixture of any of the texts below", _recognise, _read),
    *(Reader(kind.name, kind.title, _never, partial(read_text, wanted=(kind,))) for kind in scanner_kinds()),
)
