"""The ways in which a body can be looked at: tree, text, files, hex, raw."""

from __future__ import annotations

from explorer.bodies.json_tree import LIMIT
from explorer.bodies.sniffing import HEAD, kind_of
from explorer.bodies.window import Window

RAW_WIDTH = 96
"""Bytes in a row of raw."""

HEX_WIDTH = 16
"""Bytes in a row of hex."""


def modes_of(window: Window) -> tuple[str, ...]:
    """Return the names of the ways in which a body can be looked at, the most telling first."""
    kind = kind_of(window.read(0, HEAD))
    if kind == "JSON":
        return ("tree", "text", "hex", "raw") if window.size <= LIMIT else ("text", "hex", "raw")
    if kind in ("tar", "gzip"):
        return ("files", "hex", "raw")
    return ("text", "hex", "raw") if kind in ("text", "HTML", "XML", "") else ("hex", "raw")


def hex_parts(window: Window, number: int) -> tuple[str, str, str]:
    """Return a row of hex: its place, the digits of its bytes, and what of them can be read."""
    at = number * HEX_WIDTH
    part = window.read(at, HEX_WIDTH)
    return f"{at:010x}", f"{part[:8].hex(' '):<23}  {part[8:].hex(' '):<23}", _readable(part, ".")


def raw_text(window: Window, number: int) -> str:
    """Return a row of raw: a character for each byte."""
    return _readable(window.read(number * RAW_WIDTH, RAW_WIDTH), "·")


def _readable(part: bytes, otherwise: str) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else otherwise for byte in part)
