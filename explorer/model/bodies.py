"""Bodies: bytes in memory, a slice of a file, or what went by and was not kept."""

from __future__ import annotations

from dataclasses import replace

from explorer.frozen import frozen


@frozen
class Slice:
    """A part of a file, `length` bytes from `offset`: a body that never enters memory."""

    path: str
    offset: int
    length: int
    sha256: str | None = None  # of exactly these bytes, where it is known
    source: str = ""  # where the bytes came from, in words ("layer.tar in alpine.tar")


@frozen
class Unkept:
    """A body that went by and was not kept: its size in bytes and its sha256 (empty where it is not known)."""

    size: int
    sha256: str
    source: str = ""
    digest: str = ""  # of another algorithm, where that was asked for


Body = bytes | Slice | Unkept


def body_size(body: Body) -> int:
    """Return the size of a body in bytes."""
    match body:
        case bytes():
            return len(body)
        case Slice():
            return body.length
        case Unkept():
            return body.size


def body_part(body: bytes | Slice, start: int, length: int) -> bytes | Slice:
    """Return `length` bytes of a body from `start`; less where the body ends before."""
    if isinstance(body, bytes):
        return body[start : start + length]
    if start == 0 and length >= body.length:
        return body
    length = max(0, min(length, body.length - start))
    return replace(body, offset=body.offset + start, length=length, sha256=None)
