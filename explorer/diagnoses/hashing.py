"""Digests of a body and of what it could have been: without its last line feed, unpacked, written otherwise.

A body in a file is read in pieces; what cannot be read, or is larger than the limit, has no variants.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

from explorer.model import Body, Exchange, Slice, Unkept, sha256_of

LARGEST = 8 << 30
"""Files above this size, in bytes, are not hashed again."""

NEW_LINE = b"\n"
_PIECE = 1 << 20
_LARGEST_JSON = 4 << 20


def sent_sha256(exchange: Exchange) -> str:
    """Return the sha256 of the body that was sent, as hex, where it is known; empty where it is not."""
    if exchange.sent_sha256:
        return exchange.sent_sha256
    if "request.body" in exchange.unknown:
        return ""
    match exchange.request.body:
        case bytes() as body:
            return sha256_of(body)
        case Slice(sha256=known):
            return known or ""
        case Unkept(sha256=known):
            return known


def pieces(body: Body, may_read: bool) -> Iterator[bytes]:
    """Yield the bytes of a body; none where they are not here, or are in a file that may not be read."""
    match body:
        case bytes():
            yield body
        case Slice(path=path, offset=offset, length=length) if may_read and length <= LARGEST:
            try:
                with Path(path).open("rb") as file:
                    file.seek(offset)
                    while length > 0 and (piece := file.read(min(_PIECE, length))):
                        length -= len(piece)
                        yield piece
            except (OSError, ValueError):
                return
        case _:
            return


def variants(body: Body, may_read: bool) -> dict[str, str]:
    """Return sha256 digests by what would have to be done to the body for them, in words; itself first.

    The first that is the wanted one tells what happened to the bytes.
    """
    hashers = {
        "as it is": _Plain(),
        "unpacked from gzip": _Gunzipped(),
        "without its last line feed": _WithoutLastByte(),
        "with a line feed at its end": _Plain(b"\n"),
        "without its CR and LF": _WithoutLineEnds(),
    }
    count = 0
    for piece in pieces(body, may_read):
        count += len(piece)
        for hasher in hashers.values():
            hasher.update(piece)
    found = {words: f"sha256:{digest}" for words, hasher in hashers.items() if (digest := hasher.digest())}
    if not count and body != b"":
        return {}
    return found | (_json_variants(body) if isinstance(body, bytes) else {})


def _json_variants(body: bytes) -> dict[str, str]:
    if len(body) > _LARGEST_JSON or body.lstrip()[:1] not in (b"{", b"["):
        return {}
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    forms = {"as compact JSON": json.dumps(value, separators=(",", ":"), ensure_ascii=False)}
    forms["as JSON with sorted keys"] = json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    forms["as JSON in one line with blanks"] = json.dumps(value, ensure_ascii=False)
    for indent in (2, 3, 4):
        forms[f"as JSON indented by {indent}"] = json.dumps(value, indent=indent, ensure_ascii=False)
    digests: dict[str, str] = {}
    for words, text in forms.items():
        raw = text.encode("utf-8", "surrogatepass")
        digests[words] = f"sha256:{sha256_of(raw)}"
        digests[f"{words}, with a line feed at its end"] = f"sha256:{sha256_of(raw + NEW_LINE)}"
    return digests


class _Plain:
    def __init__(self, end: bytes = b"") -> None:
        self._hash = hashlib.sha256()
        self._end = end

    def update(self, piece: bytes) -> None:
        self._hash.update(piece)

    def digest(self) -> str:
        self._hash.update(self._end)
        return self._hash.hexdigest()


class _WithoutLineEnds(_Plain):
    def update(self, piece: bytes) -> None:
        self._hash.update(piece.translate(None, b"\r\n"))


class _WithoutLastByte(_Plain):
    """Holds the last byte back; there is a digest only where it is a line feed."""

    def __init__(self) -> None:
        super().__init__()
        self._held = b""

    def update(self, piece: bytes) -> None:
        if piece:
            self._hash.update(self._held + piece[:-1])
            self._held = piece[-1:]

    def digest(self) -> str:
        return self._hash.hexdigest() if self._held == b"\n" else ""


class _Gunzipped(_Plain):
    def __init__(self) -> None:
        super().__init__()
        self._unpack = zlib.decompressobj(wbits=31)
        self._is_good = True
        self._out = 0

    def update(self, piece: bytes) -> None:
        while piece and self._is_good:
            try:
                data = self._unpack.decompress(piece, _PIECE)
            except zlib.error:
                self._is_good = False
                return
            self._hash.update(data)
            self._out += len(data)
            self._is_good = self._out <= LARGEST
            piece = self._unpack.unconsumed_tail or self._next_member()

    def _next_member(self) -> bytes:
        rest = self._unpack.unused_data
        if self._unpack.eof and rest[:2] == b"\x1f\x8b":
            self._unpack = zlib.decompressobj(wbits=31)
            return rest
        return b""

    def digest(self) -> str:
        return self._hash.hexdigest() if self._is_good and self._out else ""
