"""Secrets found again by their value: as they are, escaped, in base64, compressed, in chunks, and in these within each
other.

Text grows or shrinks as the names do; in binary data every replacement is as long as what it replaces, so that offsets
within it stay true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from explorer.redact.base64_runs import RUN, Core, cores_of, decoded_run
from explorer.redact.escapes import any_escape, has_escapes, unescaped
from explorer.redact.packing import chunked, is_packed, packed_again, unchunked, unpack, unpack_beginning

_DEEPEST = 4
# An escape that ends in a letter or a digit does not belong to the word after it.
_AFTER_ESCAPE = rb"(?<=%[0-9A-Fa-f]{2})|(?<=\\u00[0-9A-Fa-f]{2})|(?<=\\[nrt])"
_GUARDS = {
    "": (b"", b""),
    "word": (rb"(?:" + _AFTER_ESCAPE + rb"|(?<![A-Za-z0-9]))", rb"(?![A-Za-z0-9])"),
    "host": (rb"(?:" + _AFTER_ESCAPE + rb"|(?<![A-Za-z0-9_-]))", rb"(?![A-Za-z0-9_-])"),
    "name": (rb"(?:" + _AFTER_ESCAPE + rb"|(?<![A-Za-z0-9._-]))", rb"(?![A-Za-z0-9_-])"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """What is to be replaced by what; `guard` says what may not stand beside it: nothing, word, host or name."""

    secret: bytes
    name: bytes
    guard: str = ""


class Values:
    """Replaces values wherever they are; longer ones first, so that none is cut by a shorter one within it."""

    def __init__(self, values: Iterable[Value]) -> None:
        self._values = sorted(values, key=lambda value: len(value.secret), reverse=True)
        self._plain = {value: _pattern(value, re.escape(value.secret)) for value in self._values}
        self._escaped = {value: _pattern(value, any_escape(value.secret)) for value in self._values}
        self._cores: list[Core] = [core for value in self._values for core in cores_of(value.secret)]
        self.counts: dict[Value, int] = dict.fromkeys(self._values, 0)

    def in_text(self, text: str) -> str:
        """Return a text of the wire (one character per byte) with every value replaced."""
        return self.in_bytes(text.encode("latin-1")).decode("latin-1")

    def in_body(self, body: bytes) -> bytes:
        """Return a body with every value replaced; of the same length where it is binary."""
        return self._in_any(body, exact=False, depth=0) if self._values else body

    def in_bytes(self, data: bytes, *, exact: bool = False, depth: int = 0) -> bytes:
        """Return bytes with every value replaced; `exact` keeps the length of each."""
        if not self._values:
            return data
        folded = data.lower()
        for value, pattern in self._plain.items():
            if value.secret.lower() in folded:
                data = pattern.sub(self._put(value, exact=exact), data)
        if has_escapes(data):
            plain = unescaped(data).lower()
            with_blanks = unescaped(data.replace(b"+", b" ")).lower() if b"+" in data else plain
            for value, pattern in self._escaped.items():
                if value.secret.lower() in plain or value.secret.lower() in with_blanks:
                    data = pattern.sub(self._put(value, exact=exact), data)
        if depth < _DEEPEST:
            data = RUN.sub(lambda found: self._in_run(found[0], exact=exact, depth=depth), data)
        return data

    def _put(self, value: Value, *, exact: bool) -> Callable[[re.Match[bytes]], bytes]:
        def put(found: re.Match[bytes]) -> bytes:
            self.counts[value] += 1
            return fitted(value.name, len(found[0])) if exact else value.name

        return put

    def _in_run(self, run: bytes, *, exact: bool, depth: int) -> bytes:
        decoded = decoded_run(run, self._cores)
        if decoded is None:
            return run
        changed = self._in_any(decoded.data, exact=exact, depth=depth + 1)
        return run if changed == decoded.data else decoded.encoded(changed)

    def _in_any(self, data: bytes, *, exact: bool, depth: int) -> bytes:
        if depth < _DEEPEST and (content := unchunked(data)) is not None:
            changed = self._in_any(content, exact=exact, depth=depth + 1)
            return data if changed == content else chunked(changed)
        if not is_packed(data) or depth >= _DEEPEST:
            return self.in_bytes(data, exact=exact or is_binary(data), depth=depth)
        unpacked = unpack(data)
        if unpacked is None:
            beginning = unpack_beginning(data)
            if self.in_bytes(beginning, depth=depth + 1) != beginning:
                return packed_again(b"", len(data), data)
            return self.in_bytes(data, exact=exact or is_binary(data), depth=depth)
        is_exact = exact or is_binary(unpacked)
        changed = self.in_bytes(unpacked, exact=is_exact, depth=depth + 1)
        return data if changed == unpacked else packed_again(changed, len(data) if is_exact else 0, data)


def _pattern(value: Value, core: bytes) -> re.Pattern[bytes]:
    before, after = _GUARDS[value.guard]
    return re.compile(before + core + after, re.IGNORECASE if value.guard == "host" else 0)


def fitted(name: bytes, length: int) -> bytes:
    """Return a name cut or filled up to a length."""
    return name[:length].ljust(length, b"-")


def is_binary(data: bytes) -> bool:
    """Say whether data is no text: not UTF-8, or with a NUL in it."""
    if b"\0" in data:
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False
