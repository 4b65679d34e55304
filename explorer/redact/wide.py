"""Text in UTF-16, as PowerShell and other programs of Windows write it."""

from __future__ import annotations

import re

_LITTLE, _BIG = b"\xff\xfe", b"\xfe\xff"
_LOOKS_WIDE = re.compile(rb"\0?(?:[\t\r\n\x20-\x7e]\0){8}")


def narrowed(data: bytes) -> tuple[bytes, str] | None:
    """Return text in UTF-16 as UTF-8, with the encoding to write it again; None where data is none."""
    if data[:2] in (_LITTLE, _BIG):
        encoding = "utf-16-le" if data[:2] == _LITTLE else "utf-16-be"
    elif _LOOKS_WIDE.match(data):
        encoding = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    else:
        return None
    try:
        return data.decode(encoding).encode("utf-8"), encoding
    except UnicodeError:
        return None


def widened(text: bytes, encoding: str) -> bytes:
    """Return text in UTF-8 written in that encoding."""
    return text.decode("utf-8", "replace").encode(encoding)
