"""Text as a POSIX shell reads it back."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

_PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")


def quoted(text: str) -> str:
    """Return a word in single quotes, or as it is where it needs none."""
    if _PLAIN.fullmatch(text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"


def in_double_quotes(text: str) -> str:
    """Return text as it stands between double quotes."""
    return re.sub(r'([\\"$`])', r"\\\1", text)


def comment(text: str) -> str:
    """Return a text as one line of a comment; what would end the line is gone."""
    return "# " + " ".join(text.split())


def here_document(body: bytes, path: str) -> Iterator[str]:
    """Yield the lines that put bytes into a file."""
    coded = base64.b64encode(body).decode("ascii")
    yield f"base64 -d > \"{path}\" <<'END'"
    for at in range(0, len(coded), 76):
        yield coded[at : at + 76]
    yield "END"
