"""Ranges: of an upload (`0-99`, both inclusive, no unit) and HTTP's own (`bytes 0-99/200`, `bytes=0-99`)."""

from __future__ import annotations

import re

from explorer.model import Decoded

_RANGE = re.compile(r"(bytes[ =])?([0-9]{1,18})-(-?[0-9]{1,18})?(?:/([0-9]{1,18}|\*))?", re.IGNORECASE)


def decode(value: str) -> Decoded | None:
    """Show how many bytes a range means. Both of its ends belong to it."""
    found = _RANGE.fullmatch(value.strip())
    if found is None or (found[3] is None and not found[1]):
        return None
    first, last = int(found[2]), int(found[3]) if found[3] else None
    fields = [("first byte", str(first)), ("last byte", "the end" if last is None else str(last))]
    if last is not None:
        fields.append(("bytes", _count(first, last)))
    if found[4]:
        fields.append(("of", "an unknown size" if found[4] == "*" else f"{found[4]} bytes"))
    return Decoded("range", "specification" if not found[1] or found[4] or "=" in found[1] else "guess", tuple(fields))


def _count(first: int, last: int) -> str:
    if first == last == 0:
        return "one, or none: in an upload's Range 0-0 means both"
    return str(max(0, last - first + 1)) if last >= first or last == first - 1 else "none: the last is before the first"
