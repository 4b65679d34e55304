"""Backslashes within $'…', as bash has them."""

from __future__ import annotations

import re

ESCAPE = re.compile(r"x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|([0-7]{1,3})|(.)", re.DOTALL)
_ANSI = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b", "E": "\x1b"}


def escaped(found: re.Match[str]) -> str:
    """Return what a backslash and what follows it stand for; `found` is a match of ESCAPE."""
    if found[1]:
        return chr(int(found[1], 16))
    if found[2]:
        return chr(int(found[2], 16)).encode("utf-8", "replace").decode("latin-1")
    if found[3]:
        return chr(int(found[3], 8) & 0xFF)
    return _ANSI.get(found[4], found[4] if found[4] in "\\'\"?" else f"\\{found[4]}")
