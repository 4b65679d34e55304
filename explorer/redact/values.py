"""Secrets found again by their value: as they are, escaped, in base64, base32, hex, UTF-16, compressed, in chunks, in
parts, and in these within each other.

Text grows or shrinks as the names do; in binary data every replacement is as long as what it replaces, so that offsets
within it stay true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from explorer.frozen import frozen
from explorer.redact.base32_runs import BASE32_RUN, in_base32_run
from explorer.redact.base64_runs import RUN, SHORTEST_TEXT, Core, cores_in, cores_of, decoded_run
from explorer.redact.escapes import Layer, has_escapes, layers_of
from explorer.redact.hex_runs import HEX_RUN, in_hex_run
from explorer.redact.multipart import pieces_of
from explorer.redact.packing import chunked, is_packed, packed_again, unchunked, unpack, unpack_beginning
from explorer.redact.sought import Sought
from explorer.redact.wide import narrowed, widened

_DEEPEST = 5
_MOST_TURNS = 16
# An escape that ends in a letter or a digit does not belong to the word after it.
_AFTER_ESCAPE = rb"(?<=%[0-9A-Fa-f]{2})|(?<=\\u00[0-9A-Fa-f]{2})|(?<=\\[nrt])"
_GUARDS = {
    "": (b"", b""),
    "word": (rb"(?:" + _AFTER_ESCAPE + rb"|(?<![A-Za-z0-9]))", rb"(?![A-Za-z0-9])"),
    "host": (rb"(?:" + _AFTER_ESCAPE + rb"|(?<![A-Za-z0-9_-]))", rb"(?![A-Za-z0-9_-])"),
    "name": (rb"(?:" + _AFTER_ESCAPE + rb"|(?<![A-Za-z0-9._-]))", rb"(?![A-Za-z0-9_-])"),
}


@frozen
class Value:
    """What is to be replaced by what; `guard` says what may not stand beside it: nothing, word, host or name."""

    secret: bytes
    name: bytes
    guard: str = ""


class Values:
    """Replaces values wherever they are; longer ones first, so that none is cut by a shorter one within it."""

    def __init__(self, values: Iterable[Value]) -> None:
        self._values = sorted(values, key=lambda value: len(value.secret), reverse=True)
        self._folded = Sought((value.secret.lower(), value) for value in self._values)
        # A blank is a plus sign in forms.
        self._in_forms = Sought((value.secret.lower().replace(b"+", b" "), value) for value in self._values)
        wide = [(_widened(value.secret), value) for value in self._values]
        self._wide = Sought((secret, (secret, value)) for secret, value in wide if secret)
        secrets = [value.secret for value in self._values] + [secret for secret, _ in wide if secret]
        cores = [core for secret in secrets for core in cores_of(secret)]
        self._cores: Sought[Core] = Sought((core.signs, core) for core in cores)
        self._shortest = min([SHORTEST_TEXT, *(len(core.signs) for core in cores)])
        self._patterns: dict[tuple[Value, bool], re.Pattern[bytes]] = {}
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
        for value in self._folded.within(folded):
            data = self._pattern(value).sub(self._put(value, exact=exact), data)
        if b"\0" in data:
            data = self._in_wide(data)
        if has_escapes(data):
            data = self._in_layers(data, exact=exact, depth=depth)
        if depth < _DEEPEST and len(data) >= self._shortest:
            cores = cores_in(data, self._cores)
            data = RUN.sub(lambda found: self._in_run(found[0], cores, exact=exact, depth=depth), data)
            data = BASE32_RUN.sub(lambda found: self._in_base32(found[0], exact=exact, depth=depth), data)
            data = HEX_RUN.sub(lambda found: self._in_hex(found[0], exact=exact, depth=depth), data)
        return data

    def _pattern(self, value: Value, *, in_form: bool = False) -> re.Pattern[bytes]:
        """Return the pattern of a value, with a plus sign for a blank where it is `in_form`; made when it is needed."""
        known = self._patterns.get((value, in_form))
        if known is None:
            core = re.escape(value.secret)
            known = _pattern(value, core.replace(rb"\ ", b"[ +]") if in_form else core)
            self._patterns[value, in_form] = known
        return known

    def _put(self, value: Value, *, exact: bool) -> Callable[[re.Match[bytes]], bytes]:
        def put(found: re.Match[bytes]) -> bytes:
            self.counts[value] += 1
            return fitted(value.name, len(found[0])) if exact else value.name

        return put

    def _in_wide(self, data: bytes) -> bytes:
        """Return data with the values in UTF-16 of either order replaced, each by as many signs."""
        for secret, value in self._wide.within(data):
            self.counts[value] += data.count(secret)
            data = data.replace(secret, _widened(fitted(value.name, len(value.secret))))
        return data

    def _in_layers(self, data: bytes, *, exact: bool, depth: int) -> bytes:
        """Return data with the values replaced that are only there once escapes are undone."""
        for _ in range(_MOST_TURNS):
            found = next((hits for layer in layers_of(data) if (hits := self._hits(layer, data, exact, depth))), None)
            if not found:
                break
            pieces: list[bytes] = []
            at = 0
            for start, end, put in sorted(found):
                if start >= at:
                    pieces += (data[at:start], fitted(put, end - start) if exact else put)
                    at = end
            data = b"".join((*pieces, data[at:]))
        return data

    def _hits(self, layer: Layer, data: bytes, exact: bool, depth: int) -> list[tuple[int, int, bytes]]:
        """Return what is found in a layer: where it was written in the data, and what is put there."""
        hits: list[tuple[int, int, bytes]] = []
        taken = bytearray(len(layer.text))
        folded = layer.text.lower().replace(b"+", b" ")
        for value in self._in_forms.within(folded):
            for found in self._pattern(value, in_form=True).finditer(layer.text):
                if not any(taken[found.start() : found.end()]):
                    taken[found.start() : found.end()] = b"\1" * len(found[0])
                    self.counts[value] += 1
                    hits.append((*layer.span(*found.span()), value.name))
        if hits or depth >= _DEEPEST:
            return hits
        cores = cores_in(layer.text, self._cores)
        for found in RUN.finditer(layer.text):
            start, end = layer.span(*found.span())
            if end - start != len(found[0]):
                changed = self._in_run(found[0], cores, exact=exact, depth=depth)
                if changed != found[0]:
                    hits.append((start, end, layer.written(found, data, changed)))
        return hits

    def _in_run(self, run: bytes, cores: Sought[Core], *, exact: bool, depth: int) -> bytes:
        decoded = decoded_run(run, cores)
        if decoded is None:
            return run
        changed = self._in_any(decoded.data, exact=exact, depth=depth + 1)
        return run if changed == decoded.data else decoded.encoded(changed)

    def _in_hex(self, run: bytes, *, exact: bool, depth: int) -> bytes:
        return in_hex_run(run, lambda data: self._in_any(data, exact=exact, depth=depth + 1))

    def _in_base32(self, run: bytes, *, exact: bool, depth: int) -> bytes:
        return in_base32_run(run, lambda data: self._in_any(data, exact=exact, depth=depth + 1))

    def _in_any(self, data: bytes, *, exact: bool, depth: int) -> bytes:
        if depth < _DEEPEST and (content := unchunked(data)) is not None:
            changed = self._in_any(content, exact=exact, depth=depth + 1)
            return data if changed == content else chunked(changed)
        if depth < _DEEPEST and (pieces := pieces_of(data)):
            return b"".join(self._in_any(piece, exact=exact, depth=depth + 1) for piece in pieces)
        if depth < _DEEPEST and not exact and (wide := narrowed(data)):
            changed = self._in_any(wide[0], exact=False, depth=depth + 1)
            if changed != wide[0]:
                return widened(changed, wide[1])
        if not is_packed(data) or depth >= _DEEPEST:
            return self.in_bytes(data, exact=exact or is_binary(data), depth=depth)
        unpacked = unpack(data)
        if unpacked is None:
            beginning = unpack_beginning(data)
            if self._in_any(beginning, exact=True, depth=depth + 1) != beginning:
                return packed_again(b"", len(data), data)
            return self.in_bytes(data, exact=exact or is_binary(data), depth=depth)
        is_exact = exact or is_binary(unpacked)
        changed = self._in_any(unpacked, exact=is_exact, depth=depth + 1)
        return data if changed == unpacked else packed_again(changed, len(data) if is_exact else 0, data)


def _widened(secret: bytes) -> bytes:
    """Return the part of a text in UTF-16 that is the same in either order of bytes; empty where it is not ASCII."""
    return b"\0".join(secret[at : at + 1] for at in range(len(secret))) if secret.isascii() and secret[1:] else b""


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
