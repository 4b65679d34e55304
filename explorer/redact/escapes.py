"""Text taken out of its escapes, layer by layer, and the way back to where each piece of it was written.

Undone are percent-encoding, the escapes of JSON, Go, C and shells after a backslash, the entities of HTML, and
quoted-printable (RFC 2045, 6.7), in any mixture and to any depth: `%252F`, `\\\\u002f` and `&amp;#x2F;` are all '/'.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator

_ESCAPE = re.compile(
    rb"%[0-9a-fA-F]{2}|(?:\\u[0-9a-fA-F]{4})+|\\U[0-9a-fA-F]{8}|\\x[0-9a-fA-F]{2}|\\[0-7]{3}|\\[^A-Za-z0-9]|\\[nrt]"
    rb"|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});"
)
_QUOTED = re.compile(rb"=3D|(?:=[89A-F][0-9A-F]){2}")
"""Shows that text is quoted-printable: a '=' itself, or a letter that is not ASCII. A '=' alone tells nothing."""
_ESCAPE_OR_QUOTED = re.compile(_ESCAPE.pattern + rb"|=[0-9A-F]{2}|=\r?\n")
_SHORT = {b"\\n": b"\n", b"\\r": b"\r", b"\\t": b"\t"}
_SIGNS = b"+/=\r\n"
_IN_HEX = re.compile(rb".*(?:%|u00|x)[0-9a-fA-F]{2}", re.DOTALL)
_DEEPEST = 8


def has_escapes(data: bytes) -> bool:
    """Say whether anything in the data is escaped."""
    return _escapes(data).search(data) is not None


def _escapes(data: bytes) -> re.Pattern[bytes]:
    return _ESCAPE_OR_QUOTED if b"=" in data and _QUOTED.search(data) else _ESCAPE


class Layer:
    """Data with its outermost escapes undone; `text` is what is left then."""

    def __init__(self, data: bytes, above: Layer | None = None) -> None:
        """Undo the escapes of data, which is the text of the layer above, if there is one."""
        self._above = above
        pieces: list[bytes] = []
        # Where runs of text begin that are either as they were written or one escape: in the text, and in the data.
        self._starts, self._sources, self._escaped = [0], [0], [False]
        at = size = 0
        for found in _escapes(data).finditer(data):
            plain = _undone(found[0])
            literal = data[at : found.start()]
            pieces += (literal, plain)
            self._put(size + len(literal), found.start(), is_escape=True)
            size, at = size + len(literal) + len(plain), found.end()
            self._put(size, at, is_escape=False)
        self.text = b"".join((*pieces, data[at:]))
        self.has_changed = at > 0

    def _put(self, start: int, source: int, *, is_escape: bool) -> None:
        self._starts.append(start)
        self._sources.append(source)
        self._escaped.append(is_escape)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where what stands in the text from `start` to `end` was written, in the data that was begun with."""
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, end - 1) - 1
        begin = self._sources[first] + (0 if self._escaped[first] else start - self._starts[first])
        stop = self._sources[last + 1] if self._escaped[last] else self._sources[last] + end - self._starts[last]
        return self._above.span(begin, stop) if self._above else (begin, stop)

    def written(self, found: re.Match[bytes], data: bytes, text: bytes) -> bytes:
        """Return a text with its signs escaped as those of the match were, in the data that was begun with."""
        ways: dict[int, bytes] = {}
        for at, sign in enumerate(found[0]):
            if sign in _SIGNS and sign not in ways:
                start, end = self.span(found.start() + at, found.start() + at + 1)
                ways[sign] = data[start:end]
        coded = next((way for way in ways.values() if _IN_HEX.fullmatch(way)), b"")
        for sign in _SIGNS if coded else b"":
            ways.setdefault(sign, coded[:-2] + b"%02X" % sign)
        return b"".join(ways.get(sign, b"%c" % sign) for sign in text)


def layers_of(data: bytes) -> Iterator[Layer]:
    """Yield data with one layer of escapes undone after the other, until none is left."""
    above: Layer | None = None
    for _ in range(_DEEPEST):
        above = Layer(above.text if above else data, above)
        if not above.has_changed:
            return
        yield above


def _undone(escape: bytes) -> bytes:
    match escape[:2]:
        case b"\\u":
            units = bytes.fromhex(escape.replace(rb"\u", b"").decode("ascii"))
            return units.decode("utf-16-be", "replace").encode("utf-8")
        case b"\\U":
            return _sign(int(escape[2:], 16))
        case b"\\x":
            return bytes.fromhex(escape[2:].decode("ascii"))
    if escape[:1] == b"=" and escape[-1:] == b"\n":
        return b""
    if escape[:1] in (b"%", b"="):
        return bytes.fromhex(escape[1:].decode("ascii"))
    if escape[:1] == b"&":
        return html.unescape(escape.decode("ascii")).encode("utf-8", "replace")
    if len(escape) == 4:
        return bytes((int(escape[1:], 8) & 0xFF,))
    return _SHORT.get(escape, escape[1:])


def _sign(number: int) -> bytes:
    return chr(number).encode("utf-8", "replace") if number < 0x110000 else b"?"
