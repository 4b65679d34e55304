"""`Range` and `Content-Range` of uploads, which are not HTTP's (`first-last`, both inclusive, no unit), and HTTP's.

distribution-spec, spec.md, "Pushing a blob in chunks". Registries are known to add `bytes=` (Quay) and to say
`0--1` for an empty upload (Quay, zot).
"""

from __future__ import annotations

import re

_UPLOAD_RANGE = re.compile(r"(?:bytes[ =])?([0-9]{1,18})-(-?[0-9]{1,18})")
_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/(\*|[0-9]{1,18})", re.IGNORECASE)


def content_range(start: int, length: int) -> str:
    """Return the `Content-Range` of a chunk: `length` bytes (at least 1) from `start`."""
    return f"{start}-{start + length - 1}"


def bytes_received(value: str) -> int | None:
    """Return how many bytes an answer's `Range` admits; None where it cannot be told.

    `0-0` means none and one alike, so it cannot be told; an end of -1 means none.
    """
    found = _UPLOAD_RANGE.fullmatch(value.strip())
    if not found:
        return None
    end = int(found[2])
    if end < 0:
        return 0
    return None if end == 0 else end + 1


def parse_content_range(value: str) -> tuple[int, int, int | None] | None:
    """Return first byte, last byte and size of the whole (None for `*`) of a 206's Content-Range, which is HTTP's own.

    RFC 9110, 14.4. None where the value is none, or contradicts itself.
    """
    found = _CONTENT_RANGE.fullmatch(value.strip())
    if not found:
        return None
    first, last = int(found[1]), int(found[2])
    total = None if found[3] == "*" else int(found[3])
    return (first, last, total) if first <= last and (total is None or last < total) else None
