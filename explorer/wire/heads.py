"""Heads as they were received: where they end, and what their lines say. Nothing is normalised.

A head ends at an empty line; a bare LF is taken as a line's end too, since some servers write it (RFC 9112, 2.2).
"""

from __future__ import annotations

import re

from explorer.frozen import frozen
from explorer.model import Header, Headers

_END = re.compile(rb"\n\r?\n")
_BLANKS = (" ", "\t")
_VERSION = re.compile(r"HTTP/[0-9.]+")
_STATUS_LINE = re.compile(r"(HTTP/[0-9]\.[0-9]) ([0-9]{3})(?: (.*))?", re.DOTALL)


@frozen
class Head:
    """The head of an answer: version, status, reason and headers, and its raw bytes."""

    version: str
    status: int
    reason: str
    headers: Headers
    raw: bytes

    @property
    def is_final(self) -> bool:
        """Whether this is the answer and not an announcement of one (1xx; 101 ends the talk and so is final)."""
        return self.status >= 200 or self.status == 101


@frozen
class RequestHead:
    """The head of a request as it stood on the wire, blank lines before it included."""

    method: str
    target: str
    version: str
    headers: Headers
    raw: bytes


def read_request(raw: bytes) -> RequestHead | None:
    """Read the head of a request leniently: a method, a target and a version have to be there; None where they are not.

    What stands between the first and the last blank of the request line is the target, blanks within it included. A
    head whose next line begins with a blank is none, too: that line is a header to some, and nothing to others.
    """
    first, *lines = raw.decode("latin-1").strip("\r\n").split("\n")
    method, blank, rest = first.removesuffix("\r").partition(" ")
    target, _, version = rest.rpartition(" ")
    if not (method and blank and target and _VERSION.fullmatch(version)) or (lines and lines[0].startswith(_BLANKS)):
        return None
    return RequestHead(method, target, version, Headers(tuple(map(_header, lines))), raw)


def read_heads(received: bytes) -> tuple[Head, ...]:
    """Return the heads at the beginning of what was received, up to the first final one that is whole."""
    heads: list[Head] = []
    start = 0
    while end := _END.search(received, start):
        head = _read(received[start : end.end()])
        if head is None:
            break
        heads.append(head)
        start = end.end()
        if head.is_final:
            break
    return tuple(heads)


def _read(raw: bytes) -> Head | None:
    first, *lines = raw.decode("latin-1").rstrip("\r\n").split("\n")
    found = _STATUS_LINE.fullmatch(first.removesuffix("\r"))
    if not found:
        return None
    return Head(found[1], int(found[2]), found[3] or "", Headers(tuple(map(_header, lines))), raw)


def _header(line: str) -> Header:
    name, _, rest = line.removesuffix("\r").partition(":")
    value = rest.lstrip(" \t")
    return Header(name, value, rest[: len(rest) - len(value)])
