"""Bodies of several parts (RFC 2046, 5.1), each of which may be compressed, or text, or anything else."""

from __future__ import annotations

import re

_FIRST = re.compile(rb"(?:\r?\n)?(--[^\r\n]{1,70}?)[ \t]*\r?\n")
_HEAD_END = re.compile(rb"\n\r?\n")


def pieces_of(data: bytes) -> list[bytes]:
    """Return data cut in such a way that each second piece is the content of a part; empty where it has no parts."""
    found = _FIRST.match(data)
    if not found or b"\n" + found[1] + b"--" not in data:
        return []
    between = re.compile(rb"\r?\n" + re.escape(found[1]) + rb"(--)?[ \t]*(?:\r?\n|\Z)")
    pieces: list[bytes] = []
    at, begin, is_over = 0, found.end(), False
    while not is_over:
        end = between.search(data, begin - 1)
        stop = end.start() if end else len(data)
        head_end = _HEAD_END.search(data, begin - 1, stop)
        start = head_end.end() if head_end else stop
        pieces += (data[at:start], data[start:stop])
        at, begin = stop, end.end() if end else len(data)
        is_over = end is None or end[1] is not None or begin >= len(data)
    return [*pieces, data[at:]]
