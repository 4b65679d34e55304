"""Texts: a mixture of whatever the scanners know, or, where it is named, one kind of text alone.

Where no scanner finds an exchange, an error line may name one: the request, and the status of its answer.
"""

from __future__ import annotations

import tempfile
from functools import partial
from itertools import dropwhile

from explorer.errors import FormatError
from explorer.formats.importers import HEAD, Imported, Reader, har, session, session_of
from explorer.formats.session_reading import FORMAT
from explorer.formats.shelves import Gathering
from explorer.formats.sources import Source
from explorer.formats.texts.reading import bare_text, read_text, scanner_kinds

ERROR_LINES = "error lines"
"""The name of what is read out of error lines alone."""

_ERROR_LINES_REMARK = (
    "This was read out of error lines: method, address and how it ended are theirs; what else was sent and answered "
    "is unknown."
)
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
    except FormatError as nothing:
        head = source.head(HEAD)
        reader = next((reader for mark, reader in _PASTED if mark in head), None)
        if reader is None:
            return _read_error_lines(source, nothing)
        with tempfile.TemporaryFile() as kept:
            lines = dropwhile(lambda line: not line.lstrip().startswith(b"{"), bare_text(source))
            kept.writelines(line for line in lines if line.strip())
            return reader.read(Source(kept, source.name))


def _read_error_lines(source: Source, nothing: FormatError) -> Imported:
    """Read the exchanges that error lines name; raises FormatError, which says what a line means that names none."""
    from explorer.diagnoses.lines import LONGEST, hear

    heard = hear(b"".join(bare_text(Source.of(source.head(LONGEST), source.name))).decode("utf-8", "replace"))
    if heard.exchanges:
        gathered = Gathering()
        for exchange in heard.exchanges:
            gathered.add(exchange)
        return Imported(session_of(gathered), ERROR_LINES, remark=_ERROR_LINES_REMARK)
    if heard.findings:
        raise FormatError(
            source.name,
            f"there is no exchange in it to look at, but an error line: {heard.findings[0].what}. "
            "`registry-explorer diagnose` with the same file says why, and what to do.",
        )
    raise nothing


READERS = (
    Reader("text", "a mixture of any of the texts below", _recognise, _read),
    *(Reader(kind.name, kind.title, _never, partial(read_text, wanted=(kind,))) for kind in scanner_kinds()),
)
