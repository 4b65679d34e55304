"""The blob endpoints: HEAD and GET, whole or in parts, and DELETE."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from explorer.model import Headers, Slice
from explorer.practice.answers import answer, plain
from explorer.practice.byte_ranges import NoOverlap, Part, UnknownUnit, parse_ranges
from explorer.practice.call import Call
from explorer.practice.errors import refusal
from explorer.wire.server import Outgoing

_YEAR = "max-age=31536000"
_OCTETS = ("Content-Type", "application/octet-stream")
_BLOCK = 256 * 1024

Pairs = tuple[tuple[str, str], ...]


def get(call: Call) -> Outgoing:
    """Send a blob, or the parts of it that Range asks for."""
    digest = _known(call)
    size = call.store.blob_size(call.name, call.digest) or 0
    etag = f'"{digest}"'
    about = (("Accept-Ranges", "bytes"), ("Cache-Control", _YEAR), ("Docker-Content-Digest", digest), ("Etag", etag))
    if call.header("If-Match") and not _names(call.header("If-Match"), etag):
        return _broken(412, (*about[1:], _OCTETS), size) if call.manner.old_go else answer(412, *about)
    if _names(call.header("If-None-Match"), etag):
        return answer(304, *about[1:])
    path = call.store.blob_path(digest)
    try:
        parts = _wanted(call, etag, size)
    except NoOverlap:
        return _unsatisfiable(call, about, size, "invalid range: failed to overlap")
    except ValueError:
        return _unsatisfiable(call, about, size, "invalid range")
    if len(parts) > 1:
        return _several(parts, about, path, size)
    if parts:
        begin, length = parts[0]
        framed = (*about, _OCTETS, ("Content-Length", str(length)), ("Content-Range", _content_range(parts[0], size)))
        return answer(206, *framed, body=Slice(str(path), begin, length))
    return answer(200, *about, _OCTETS, ("Content-Length", str(size)), body=Slice(str(path), 0, size))


def delete(call: Call) -> Outgoing:
    """Take a blob from the repository; others keep it."""
    if not call.manner.blob_deletes:
        raise refusal("delete-unsupported")
    if not call.store.unlink_blob(call.name, call.digest):
        raise refusal("blob-unknown", call.digest, text=None)
    named = () if call.manner.is_distribution else (("Docker-Content-Digest", call.digest),)
    return answer(202, ("Content-Length", "0"), *named)


def _known(call: Call) -> str:
    """Return the digest that a blob of this repository is kept by."""
    digest = call.store.linked(call.name, call.digest)
    if digest is None:
        raise refusal("blob-unknown", call.digest)
    return digest


def _names(value: str, etag: str) -> bool:
    named = [part.strip().removeprefix("W/") for part in value.split(",")]
    return etag in named or "*" in named


def _wanted(call: Call, etag: str, size: int) -> list[Part]:
    """Return the parts that are wanted; none for the whole. Raises ValueError where it is no range, and NoOverlap."""
    value = call.header("Range")
    if not value or (call.header("If-Range") and call.header("If-Range") != etag):
        return []
    try:
        parts = parse_ranges(value, size)
    except UnknownUnit:
        if call.manner.is_distribution:
            raise
        return []  # RFC 9110, 14.2: a range of an unknown unit is to be ignored
    except NoOverlap:
        if size or call.manner.old_go:
            raise
        return []
    if call.manner.is_distribution:
        return parts
    filled = [part for part in parts if part[1]]  # RFC 9110, 14.1.2: the last 0 bytes cannot be had
    if parts and not filled and size:
        raise NoOverlap
    return filled


def _unsatisfiable(call: Call, about: Pairs, size: int, why: str) -> Outgoing:
    total = ("Content-Range", f"bytes */{size}")
    if call.manner.is_distribution:
        said = plain(416, why, *((total,) if "overlap" in why else ()))
        if call.manner.old_go:
            pairs = tuple((row.name, row.value) for row in said.headers)
            return _broken(416, (*about[1:], *pairs), size, said.body)
        return answer(416, *((row.name, row.value) for row in said.headers), about[2], body=_bytes(said.body))
    wanted = call.header("Range")
    raise refusal("blob-range", f"{why}: Range is '{wanted}', and the blob has {size} bytes", headers=(total, about[2]))


def _broken(status: int, pairs: Pairs, size: int, body: object = b"") -> Outgoing:
    """Return an answer that promises as many bytes as the blob has, and sends its own where they are not more."""
    small = _bytes(body)
    headers = Headers.of(*pairs, ("Content-Length", str(size)))
    return Outgoing(status, headers, iter([small] if len(small) <= size else []))


def _bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else b""


def _content_range(part: Part, size: int) -> str:
    begin, length = part
    return f"bytes {begin}-{begin + length - 1}/{size}"


def _several(parts: list[Part], about: Pairs, path: Path, size: int) -> Outgoing:
    """Answer with a body of several parts, each with its own head (RFC 9110, 14.6)."""
    boundary = secrets.token_hex(30)
    heads = [
        f"{'' if first else chr(13) + chr(10)}--{boundary}\r\n"
        f"Content-Range: {_content_range(part, size)}\r\nContent-Type: application/octet-stream\r\n\r\n".encode()
        for part, first in zip(parts, [True] + [False] * len(parts), strict=False)
    ]
    end = f"\r\n--{boundary}--\r\n".encode()
    length = sum(map(len, heads)) + sum(part[1] for part in parts) + len(end)
    kind = ("Content-Type", f"multipart/byteranges; boundary={boundary}")
    headers = Headers.of(*about, kind, ("Content-Length", str(length)))
    return Outgoing(206, headers, _pieces(list(zip(heads, parts, strict=True)), end, path))


def _pieces(parts: list[tuple[bytes, Part]], end: bytes, path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        for head, (begin, left) in parts:
            yield head
            file.seek(begin)
            while left and (block := file.read(min(_BLOCK, left))):
                left -= len(block)
                yield block
    yield end
