"""Bodies as rows."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.model import Body, Unkept, body_size
from explorer.plain.transcript import body_words
from explorer.ui.text import Row, Span, words
from explorer.visible import body_to_text, size_text

SHOWN_BODY = 64 * 1024
"""So many bytes of a body are shown here."""


def body_rows(body: Body) -> Iterator[Row]:
    """Yield a body: as text where it is that, else what it is, and its first bytes."""
    size = body_size(body)
    if not size and not isinstance(body, Unkept):
        yield (words("no body", "dim"),)
        return
    if not isinstance(body, bytes):
        yield (words(f"body: {size_text(size)} ({size} bytes), {body_words(body)}", "dim"),)
        return
    shown = body[:SHOWN_BODY]
    if size > SHOWN_BODY:
        yield (words(f"the first {size_text(SHOWN_BODY)} of {size_text(size)}:", "odd"),)
    if _is_text(shown):
        for line in body_to_text(shown.removesuffix(b"\n")):
            yield (Span(line),)
    else:
        yield (words(f"body: {size_text(size)} ({size} bytes), begins", "dim"),)
        yield from hex_rows(shown[:256])


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as bad:
        if bad.start < len(data) - 3:
            return False
        text = data[: bad.start].decode("utf-8")
    return not any(ord(character) < 32 and character not in "\r\n\t\x1b" for character in text[:1024])


def hex_rows(data: bytes) -> Iterator[Row]:
    """Yield bytes in hex, sixteen to a row, with their readable characters."""
    for at in range(0, len(data), 16):
        part = data[at : at + 16]
        readable = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        yield (words(f"{at:04x}  ", "dim"), words(f"{part.hex(' '):<48} "), words(readable, "dim"))
