"""Typed netstrings, as mitmproxy's flow files have them: `<length>:<payload><type>`.

Types: `,` bytes, `;` text, `#` whole number, `^` float, `!` true or false, `~` nothing, `]` list, `}` dictionary.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

LONGEST = 512 * 1024 * 1024
"""A record of more bytes is refused."""

_DEEPEST = 32
_MOST_DIGITS = 12
_BYTES, _TEXT = ord(","), ord(";")  # what most values are

Value = bytes | str | int | float | bool | None | list["Value"] | dict[str, "Value"]


class NetstringError(ValueError):
    """What is wrong, and at which byte; `is_cut` where the bytes just end."""

    def __init__(self, what: str, offset: int, *, is_cut: bool = False) -> None:
        super().__init__(what)
        self.offset = offset
        self.is_cut = is_cut


def records(stream: BinaryIO) -> Iterator[Value]:
    """Yield the records of a file one after the other; raises NetstringError."""
    offset = 0
    while head := stream.read(_MOST_DIGITS + 1):
        digits, colon, rest = head.partition(b":")
        if not digits.isdigit() or not colon:
            raise NetstringError(
                "a length and a colon were expected", offset, is_cut=digits.isdigit() and len(head) < 13
            )
        size = int(digits)
        if size > LONGEST:
            raise NetstringError(f"a record of {size} bytes is more than {LONGEST}", offset)
        data = rest + stream.read(max(0, size + 1 - len(rest)))
        if len(data) < size + 1:
            raise NetstringError("the file ends in the middle of a record", offset, is_cut=True)
        if len(data) > size + 1:
            stream.seek(size + 1 - len(data), 1)
        yield _value(data[:size], data[size : size + 1], offset, 0)
        offset += len(digits) + 1 + size + 1


def _value(payload: bytes, kind: bytes, offset: int, depth: int) -> Value:
    if depth > _DEEPEST:
        raise NetstringError(f"it is nested more than {_DEEPEST} deep", offset)
    try:
        match kind:
            case b",":
                return payload
            case b";":
                return payload.decode("utf-8", "replace")
            case b"#":
                return int(payload[:40])
            case b"^":
                return float(payload[:40])
            case b"!":
                return payload == b"true"
            case b"~":
                return None
            case b"]":
                return _parts(payload, offset, depth)
            case b"}":
                return _dictionary(_parts(payload, offset, depth), offset)
    except NetstringError:
        raise
    except ValueError as bad:
        raise NetstringError(f"{payload[:40].decode('latin-1')!r} is no number", offset) from bad
    raise NetstringError(f"{kind.decode('latin-1')!r} is no type", offset)


def _parts(payload: bytes, offset: int, depth: int) -> list[Value]:
    values: list[Value] = []
    at, length, find = 0, len(payload), payload.find
    while at < length:
        colon = find(b":", at, at + _MOST_DIGITS)
        digits = payload[at:colon] if colon >= 0 else b""
        if not digits.isdigit():
            raise NetstringError("a length and a colon were expected", offset + at)
        start = colon + 1
        end = start + int(digits)
        if end >= length:
            raise NetstringError("a value is longer than what it stands in", offset + at)
        kind = payload[end] if depth < _DEEPEST else 0
        if kind == _BYTES:
            values.append(payload[start:end])
        elif kind == _TEXT:
            values.append(payload[start:end].decode("utf-8", "replace"))
        else:
            values.append(_value(payload[start:end], payload[end : end + 1], offset + at, depth + 1))
        at = end + 1
    return values


def _dictionary(parts: list[Value], offset: int) -> dict[str, Value]:
    if len(parts) % 2:
        raise NetstringError("a dictionary has a name without a value", offset)
    names = [name if type(name) is str else _name(name) for name in parts[::2]]
    return dict(zip(names, parts[1::2], strict=True))


def _name(value: Value) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
