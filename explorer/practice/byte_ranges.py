"""`Range: bytes=…` (RFC 9110, 14.1.2), read as Go's net/http reads it: what lies behind the end is passed over."""

from __future__ import annotations

import re

Part = tuple[int, int]
"""Where a part begins, and its length, in bytes."""

MOST_PARTS = 64
"""Most parts that one request may ask for; where it asks for more, or for more bytes than there are, it gets it all."""

_RANGE = re.compile(r"\s*(\d{0,18})\s*-\s*(\d{0,18})\s*")


class NoOverlap(Exception):
    """Every range lies behind the end."""


class UnknownUnit(ValueError):
    """The range does not count bytes."""


def parse_ranges(value: str, size: int) -> list[Part]:
    """Return the parts of a body of `size` bytes that are asked for; none for the whole. The last 0 bytes are a part.

    Raises NoOverlap, UnknownUnit, and ValueError where the value is no range.
    """
    unit, equals, listed = value.partition("=")
    if not equals or unit.strip() != "bytes":
        raise UnknownUnit(value)
    wanted = [text for text in listed.split(",") if text.strip()]
    parts = [part for text in wanted if (part := _part(text, size)) is not None]
    if wanted and not parts:
        raise NoOverlap
    if len(parts) > MOST_PARTS or sum(length for _, length in parts) > size:
        return []
    return parts


def _part(text: str, size: int) -> Part | None:
    """Return one part; None where it lies behind the end."""
    found = _RANGE.fullmatch(text)
    if not found or not (found[1] or found[2]):
        raise ValueError(text)
    if not found[1]:
        length = min(int(found[2]), size)
        return size - length, length
    begin = int(found[1])
    if found[2] and int(found[2]) < begin:
        raise ValueError(text)
    if begin >= size:
        return None
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    return begin, last - begin + 1
