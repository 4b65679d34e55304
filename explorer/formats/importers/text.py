"""Texts: a mixture of whatever the scanners know, or, where it is named, one kind of text alone."""

from __future__ import annotations

from functools import partial

from explorer.formats.importers import Reader
from explorer.formats.texts.reading import read_text, scanner_kinds

_NO_TEXT = bytes(code for code in range(32) if code not in (7, 8, 9, 10, 12, 13, 27))


def _recognise(head: bytes) -> float:
    """Say that it may be a text: next to none of its bytes are control characters."""
    strange = len(head) - len(head.translate(None, _NO_TEXT))
    return 0.1 if strange * 100 <= len(head) else 0.0


def _never(head: bytes) -> float:
    del head
    return 0.0


READERS = (
    Reader("text", "a mixture of any of the texts below", _recognise, partial(read_text, wanted=scanner_kinds())),
    *(Reader(kind.name, kind.title, _never, partial(read_text, wanted=(kind,))) for kind in scanner_kinds()),
)
