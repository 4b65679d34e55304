"""Bodies as an export has them: as text, in base64, or by reference."""

from __future__ import annotations

import zlib
from pathlib import PurePath

from explorer.model import Body, Headers, Slice, Unkept, body_size, sha256_of
from explorer.visible import size_text

LONGEST_UNPACKED = 4 * 1024 * 1024


def as_text(body: bytes) -> str | None:
    """Return a body as text; None where it is none that a person could read."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if any(sign < " " and sign not in "\t\r\n" for sign in text) else text


def wire(text: str) -> str:
    """Return a text of the wire as it is written into an export: UTF-8 where it is that, odd bytes as surrogates."""
    return text.encode("latin-1").decode("utf-8", "surrogateescape")


def unpacked(body: bytes, headers: Headers) -> bytes:
    """Return a body without its content coding, where that is gzip or deflate and can be undone."""
    coding = (headers.get("Content-Encoding") or "").strip().lower()
    if coding not in ("gzip", "deflate"):
        return body
    stream = zlib.decompressobj(wbits=31 if coding == "gzip" else 15)
    try:
        content = stream.decompress(body, LONGEST_UNPACKED)
    except zlib.error:
        return body
    return content if stream.eof else body


def reference(body: Body) -> str:
    """Return what is said in the place of a body that is not in the export."""
    match body:
        case bytes():
            return f"{size_text(len(body))} of binary data, sha256 {sha256_of(body)}"
        case Slice():
            name = PurePath(body.path).name
            digest = f", sha256 {body.sha256}" if body.sha256 else ""
            return f"{size_text(body.length)} from byte {body.offset} of {name}{digest}"
        case Unkept():
            digest = f", sha256 {body.sha256}" if body.sha256 else ""
            return f"{size_text(max(0, body_size(body)))} that were not kept{digest}"
