"""Fields of a manifest that are of the wrong type, as Go's encoding/json tells of them (UnmarshalTypeError)."""

from __future__ import annotations

import json
import re

from explorer.frozen import frozen

_BLANKS = re.compile(r"[ \t\r\n]*")
_WANTED: dict[str, tuple[type | tuple[type, ...], str]] = {
    "schemaVersion": (int, "int"),
    "mediaType": (str, "string"),
    "config": (dict, "v1.Descriptor"),
    "layers": (list, "[]v1.Descriptor"),
    "manifests": (list, "[]v1.Descriptor"),
}
_KINDS: dict[type, str] = {dict: "object", list: "array", str: "string", bool: "bool", int: "number", float: "number"}


@frozen
class Mistyped:
    """A value that is not of the type that its field has; `text` is distribution 3's sentence."""

    text: str
    struct: dict[str, object]


def whole_number(digits: str) -> int:
    """Return a number; of one with more than a thousand digits, which Python does not read, the first thousand."""
    return int(digits[:1000])


def first_mistyped(body: bytes, fields: object, name: str) -> Mistyped | None:
    """Return the first field of a manifest of the wrong type, None where all are right; `name` is the Go type's."""
    if not isinstance(fields, dict):
        kind = _KINDS.get(type(fields), "null")
        text = f"json: cannot unmarshal {kind} into Go value of type ocischema.{name}"
        return Mistyped(text, {"Value": kind, "Type": {}, "Offset": 1, "Struct": "", "Field": ""})
    for field, value in fields.items():
        wanted, go_type = _WANTED.get(field, (object, ""))
        if value is None or (isinstance(value, wanted) and not isinstance(value, bool)) or not go_type:
            continue
        begin, end = _place(body.decode("utf-8", "replace"), field)
        kind = _KINDS[type(value)]
        if wanted is int and isinstance(value, float):
            kind = f"number {body.decode('utf-8', 'replace')[begin:end]}"
        offset = begin + 1 if isinstance(value, dict | list) else end
        text = f"json: cannot unmarshal {kind} into Go struct field {name}.{field} of type {go_type}"
        return Mistyped(text, {"Value": kind, "Type": {}, "Offset": offset, "Struct": name, "Field": field})
    return None


def _place(text: str, field: str) -> tuple[int, int]:
    """Return where the value of a field of the outermost object begins and ends; the last one where it is repeated."""
    decoder = json.JSONDecoder(parse_int=whole_number)
    found = (0, 0)
    at = _skip(text, _skip(text, 0) + 1)
    while text[at] != "}":
        key, at = decoder.raw_decode(text, at)
        begin = _skip(text, _skip(text, at) + 1)
        _, end = decoder.raw_decode(text, begin)
        if key == field:
            found = (begin, end)
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at
    return found


def _skip(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at
