"""Differences of two bodies: JSON by its paths, text by its lines, everything else by size and sha256."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import islice
from typing import Any

from explorer.compare.passing import why_field_passes, why_text_passes
from explorer.model import Body, Slice, Unkept, body_size, sha256_of

LIMIT = 1024 * 1024
"""Bodies above so many bytes are compared by size and sha256."""

MOST = 200
"""So many differences of a body are told; the last one says that there are more."""

Row = tuple[str, str | None, str | None, str]
"""Where in the body, the left value, the right one (None: absent), and why that passes (empty: it is real)."""

_DEEPEST = 64
_MOST_LINES = 5_000


def body_rows(left: Body, right: Body) -> Iterator[Row]:
    """Yield how two bodies differ, at most MOST + 1 rows."""
    if left == right:
        return
    for count, row in enumerate(_rows(left, right)):
        if count == MOST:
            yield "", None, f"more than {MOST} differences", ""
            return
        yield row


def _rows(left: Body, right: Body) -> Iterator[Row]:
    if isinstance(left, bytes) and isinstance(right, bytes) and max(len(left), len(right)) <= LIMIT:
        one, two = _json(left), _json(right)
        if one is not None and two is not None:
            rows = [*islice(_values("", one, two, 0), MOST + 1)]
            yield from rows or [("", f"{_words(left)} (the same JSON)", f"{_words(right)}, written otherwise", "")]
            return
        try:
            yield from _lines(left.decode("utf-8"), right.decode("utf-8"))
            return
        except UnicodeDecodeError:
            pass
    if _identity(left) != _identity(right):
        yield "", _words(left), _words(right), ""


def _json(data: bytes) -> Any:
    if data.lstrip()[:1] not in (b"{", b"["):
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _values(path: str, left: Any, right: Any, depth: int) -> Iterator[Row]:
    if depth < _DEEPEST and isinstance(left, dict) and isinstance(right, dict):
        for name in (*left, *(name for name in right if name not in left)):
            yield from _member(f"{path}/{name}", name in left, left.get(name), name in right, right.get(name), depth)
    elif depth < _DEEPEST and isinstance(left, list) and isinstance(right, list):
        for index in range(max(len(left), len(right))):
            one = left[index] if index < len(left) else None
            two = right[index] if index < len(right) else None
            yield from _member(f"{path}/{index}", index < len(left), one, index < len(right), two, depth)
    elif left != right or type(left) is not type(right):
        one, two = _shown(left), _shown(right)
        yield path, one, two, why_field_passes(path, one, two)


def _member(path: str, in_left: bool, left: Any, in_right: bool, right: Any, depth: int) -> Iterator[Row]:
    if in_left and in_right:
        yield from _values(path, left, right, depth + 1)
    else:
        yield path, _shown(left) if in_left else None, _shown(right) if in_right else None, ""


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _lines(left: str, right: str) -> Iterator[Row]:
    one, two = left.splitlines(), right.splitlines()
    if max(len(one), len(two)) > _MOST_LINES:
        yield "", f"{len(one)} lines", f"{len(two)} lines", why_text_passes(left, right)
        return
    for tag, start, end, other_start, other_end in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if tag != "equal":
            before, after = "\n".join(one[start:end]), "\n".join(two[other_start:other_end])
            where = f"line {start + 1}"
            yield (
                where,
                before if start < end else None,
                after if other_start < other_end else None,
                (why_text_passes(before, after)),
            )


def _identity(body: Body) -> tuple[int, str]:
    match body:
        case bytes():
            return len(body), sha256_of(body)
        case Slice():
            return body.length, body.sha256 or f"{body.path}@{body.offset}"
        case Unkept():
            return body.size, body.sha256


def _words(body: Body) -> str:
    size, digest = body_size(body), _identity(body)[1]
    return f"{size} bytes, sha256 {digest[:12]}…" if size else "empty"
