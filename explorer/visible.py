"""Text of the wire made fit to be seen: what a terminal would obey, or fool a reader with, becomes a visible sign.

This is the one place that decides it; the screen and the line mode both come here.
"""

from __future__ import annotations

import re

_SIGNS = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "␡"}
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\xa0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ud800-\udfff"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    """Return text without control, bidirectional or invisible characters: each is shown as a sign or its number.

    The one blank that stays is the space; all others look like it and are not.
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    return _SIGNS.get(code) or f"⟨U+{code:04X}⟩"


def wire_to_text(text: str) -> str:
    """Return one-character-per-byte text as a person reads it: UTF-8 where it is that, else odd bytes as \\xNN."""
    return visible(_decoded(text))


def _decoded(text: str) -> str:
    if text.isascii():
        return text
    raw = text.encode("latin-1", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("ascii", "backslashreplace")


def body_to_text(body: bytes) -> list[str]:
    """Return a body as lines fit to be seen; line ends are the only control characters that are obeyed."""
    text = body.decode("utf-8", "backslashreplace")
    lines = text.replace("\r\n", "\n").split("\n")
    return [visible(line) for line in lines]


def size_text(size: int) -> str:
    """Return a number of bytes for people: 512 B, 40.0 KiB, 1.2 GiB."""
    amount = float(size)
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if amount < 1024 or unit == "TiB":
            return f"{size} B" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1024
    raise AssertionError("the loop ends at the last unit")


def shortened(text: str, width: int) -> str:
    """Return text cut in the middle to a number of characters; its two ends say most about a URL or a digest."""
    if len(text) <= width or width < 3:
        return text[: max(width, 0)]
    front = (width - 1) * 2 // 3
    return f"{text[:front]}…{text[len(text) - (width - 1 - front) :]}"
