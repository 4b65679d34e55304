"""A JSON document as rows that can be folded by their paths."""

from __future__ import annotations

import json
from collections.abc import Iterator, Set
from typing import Any

from explorer.frozen import frozen

LIMIT = 4 * 1024 * 1024
"""Documents above so many bytes are shown as they are."""

_DEEPEST = 200


@frozen
class JsonRow:
    """One row: how deep, the member's name (empty in a list), its value or what it holds, and its path.

    `kind` is string, number, constant, object, list or end; `is_folded` says that what it holds is not shown.
    """

    depth: int
    name: str
    text: str
    kind: str
    path: str
    is_folded: bool = False


def parse(data: bytes) -> Any:
    """Return the document; raises ValueError where it is none, or is too large or too deep."""
    if len(data) > LIMIT:
        raise ValueError(f"it is larger than {LIMIT} bytes")
    try:
        return json.loads(data)
    except RecursionError as bad:
        raise ValueError("it is nested too deep") from bad


def rows(document: Any, folded: Set[str] = frozenset()) -> Iterator[JsonRow]:
    """Yield a document as rows; what lies under the paths that are folded is left out."""
    yield from _rows(document, "", "", 0, folded)


def _rows(value: Any, name: str, path: str, depth: int, folded: Set[str]) -> Iterator[JsonRow]:
    if not isinstance(value, dict | list):
        text = json.dumps(value, ensure_ascii=False)
        kind = (
            "string" if isinstance(value, str) else "constant" if value is None or isinstance(value, bool) else "number"
        )
        yield JsonRow(depth, name, text, kind, path)
        return
    kind, opening, closing = ("object", "{", "}") if isinstance(value, dict) else ("list", "[", "]")
    noun = "member" if kind == "object" else "item"
    count = f"{len(value)} {noun}{'' if len(value) == 1 else 's'}"
    if path in folded or not value or depth >= _DEEPEST:
        inside = f" {count} " if value else ""
        yield JsonRow(depth, name, f"{opening}{inside}{closing}", kind, path, bool(value))
        return
    yield JsonRow(depth, name, opening, kind, path)
    items = value.items() if isinstance(value, dict) else ((str(index), item) for index, item in enumerate(value))
    for key, item in items:
        shown = str(key) if isinstance(value, dict) else ""
        yield from _rows(item, shown, f"{path}/{_escaped(str(key))}", depth + 1, folded)
    yield JsonRow(depth, "", closing, "end", path)


def _kind(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "constant"
    return "string" if isinstance(value, str) else "number"


def _escaped(name: str) -> str:
    """Return a member's name as a part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
