"""`Content-Range` of a chunk: it has to follow what is there, and to be as long as it says."""

from __future__ import annotations

import re

from explorer.practice.call import Call
from explorer.practice.errors import refusal
from explorer.practice.sessions import Upload

Pairs = tuple[tuple[str, str], ...]

CHUNK = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")
"""How the specification has a Content-Range written."""


def first_byte(call: Call) -> int:
    """Return the first byte that a Content-Range of the specification's form names; 0 where there is none."""
    found = CHUNK.fullmatch(call.header("Content-Range"))
    return int(found[1]) if found else 0


def overlap(call: Call, size: int) -> int:
    """Return how many bytes of a chunk are there already, and dropped; 0 where the registry does not trim chunks.

    A chunk that brings nothing new overlaps with all that it has.
    """
    if not call.manner.uploads.trims:
        return 0
    found = CHUNK.fullmatch(call.header("Content-Range"))
    begin, end = (int(found[1]), int(found[2])) if found else (size, size)
    return min(size, end + 1) - begin if begin < size and begin <= end else 0


def check_range(call: Call, size: int, where: Pairs) -> None:
    """See that a chunk begins where the upload ends and has the length that it says; `where` goes with a 416.

    Raises range-syntax, range-out-of-order and range-length; where Content-Length does not tell, see check_length.
    """
    value, length = call.header("Content-Range"), call.incoming.body.length
    if call.manner.is_distribution:
        if call.header("Content-Length"):
            _check_as_go(value, length or 0, size)
        return
    found = CHUNK.fullmatch(value)
    if not found:
        raise refusal("range-syntax", f"Content-Range is '{value}'; it has to be FIRST-LAST, as in {size}-{size + 9}")
    begin, end = int(found[1]), int(found[2])
    if begin != size or end < begin:
        why = f"Content-Range is '{value}', and the upload has {size} bytes: go on from byte {size}"
        raise refusal("range-out-of-order", why, headers=where)
    if length is not None and length != end - begin + 1:
        why = f"Content-Range '{value}' is {end - begin + 1} bytes, and Content-Length is {length}"
        raise refusal("range-length", why)


def check_length(call: Call, upload: Upload, begin: int, trimmed: int = 0) -> None:
    """See that a chunk without Content-Length had the length that its Content-Range says; drop it where it had not.

    Of its bytes, so many were `trimmed` before they were stored.
    """
    found = CHUNK.fullmatch(call.header("Content-Range"))
    if not found or call.incoming.body.length is not None or call.manner.is_distribution:
        return
    came, said = (upload.size() or 0) - begin + trimmed, int(found[2]) - int(found[1]) + 1
    if came != said:
        upload.cut(begin)
        raise refusal("range-length", f"Content-Range '{found[0]}' is {said} bytes, and {came} came")


def _check_as_go(value: str, length: int, size: int) -> None:
    first, dash, last = value.partition("-")
    if not dash:
        raise refusal("range-syntax", f"invalid content range format, {value}")
    begin, end = _parse_int(first), _parse_int(last)
    if begin > end or begin != size:
        raise refusal("range-out-of-order")
    if length != end - begin + 1:
        raise refusal("range-length")


def _parse_int(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise refusal("range-syntax", f'strconv.ParseInt: parsing "{text}": invalid syntax')
    number = int(text[:40])
    if not -(2**63) <= number < 2**63:
        raise refusal("range-syntax", f'strconv.ParseInt: parsing "{text}": value out of range')
    return number
