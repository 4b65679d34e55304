"""The blob endpoints: HEAD and GET, whole or in part, and DELETE."""

from __future__ import annotations

import re

from explorer.model import Slice
from explorer.practice.answers import answer, plain
from explorer.practice.call import Call
from explorer.practice.digests import complaint
from explorer.practice.errors import refusal
from explorer.wire.server import Outgoing

_YEAR = "max-age=31536000"
_RANGE = re.compile(r"\s*(\d{0,18})\s*-\s*(\d{0,18})\s*")


class _NoOverlap(Exception):
    """The range lies behind the end."""


def get(call: Call) -> Outgoing:
    """Send a blob, or the part of it that Range asks for."""
    _check(call)
    size = call.store.blob_size(call.name, call.digest)
    if size is None:
        raise refusal("BLOB_UNKNOWN", call.digest)
    etag = f'"{call.digest}"'
    about = (
        ("Accept-Ranges", "bytes"),
        ("Cache-Control", _YEAR),
        ("Docker-Content-Digest", call.digest),
        ("Etag", etag),
    )
    if _names_etag(call.header("If-None-Match"), etag):
        return answer(304, *about[1:])
    try:
        part = _wanted(call, etag, size)
    except _NoOverlap:
        total = ("Content-Range", f"bytes */{size}")
        return plain(416, "invalid range: failed to overlap", total, ("Docker-Content-Digest", call.digest))
    except ValueError:
        return plain(416, "invalid range", ("Docker-Content-Digest", call.digest))
    begin, length = part or (0, size)
    kind = ("Content-Type", "application/octet-stream")
    framed = [*about, kind, ("Content-Length", str(length))]
    if part:
        framed.append(("Content-Range", f"bytes {begin}-{begin + length - 1}/{size}"))
    body = Slice(str(call.store.blob_path(call.digest)), begin, length)
    return answer(206 if part else 200, *framed, body=body)


def delete(call: Call) -> Outgoing:
    """Take a blob from the repository; its bytes stay."""
    _check(call)
    if not call.store.unlink_blob(call.name, call.digest):
        raise refusal("BLOB_UNKNOWN")
    return answer(202, ("Content-Length", "0"))


def _check(call: Call) -> None:
    wrong = complaint(call.digest)
    if wrong:
        raise refusal("DIGEST_INVALID", wrong)


def _names_etag(value: str, etag: str) -> bool:
    named = [part.strip().removeprefix("W/") for part in value.split(",")]
    return etag in named or "*" in named


def _wanted(call: Call, etag: str, size: int) -> tuple[int, int] | None:
    """Return where the wanted part begins and its length; None for the whole, also where several parts are wanted.

    Raises ValueError where the header is no range, and _NoOverlap.
    """
    value = call.header("Range")
    if not value or (call.header("If-Range") and call.header("If-Range") != etag) or "," in value:
        return None
    unit, _, wanted = value.partition("=")
    found = _RANGE.fullmatch(wanted)
    if unit != "bytes" or not found or not (found[1] or found[2]):
        raise ValueError(value)
    if not found[1]:
        length = min(int(found[2]), size)
        return (size - length, length) if length else None
    begin = int(found[1])
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    if found[2] and int(found[2]) < begin:
        raise ValueError(value)
    if begin >= size:
        if size == 0:
            return None
        raise _NoOverlap
    return begin, last - begin + 1
