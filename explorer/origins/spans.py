"""A request cut into the values that can have an origin of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, unquote_plus

from explorer.frozen import frozen
from explorer.model import Header, Request, shared

_PATH = re.compile(r"/v2/(?P<name>.+?)/(?:blobs|manifests|tags|referrers)(?:/(?P<reference>[^/?]+))?")
_DIGEST = re.compile(rb"[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-f]{32,128}")
_BODY_LIMIT = 4 * 1024 * 1024
_MOST_IN_BODY = 5_000


@frozen
class Span:
    """A stretch of a request: characters of the target or of a header's value, bytes of the body; `end` is exclusive.

    `part` is target, header or body; `row` counts the header rows from 0. `role` says what stands there: path, name,
    reference, a query parameter's name, a header's name in lower case, digest or a form field's name. `value` is what
    to look for, percent-decoded where it stood in a query.
    """

    part: str
    start: int
    end: int
    role: str
    value: str
    row: int = -1


def path_spans(target: str) -> Iterator[Span]:
    """Yield repository, reference and segments of a target's path."""
    path = target.partition("?")[0]
    found = _PATH.match(path)
    if found:
        for role in ("name", "reference"):
            if found[role] is not None:
                yield Span("target", found.start(role), found.end(role), role, unquote(found[role]))
    at = 0
    for segment in path.split("/"):
        if len(segment) >= 8:
            yield Span("target", at, at + len(segment), "path", unquote(segment))
        at += len(segment) + 1


def query_spans(target: str, start: int = 0) -> Iterator[Span]:
    """Yield the values of a target's query, from the character `start` on; `name=value` is split at its first '='."""
    at = target.find("?")
    if at < 0:
        return
    at += 1
    for pair in target[at:].split("&"):
        name, mark, value = pair.partition("=")
        begin = at + len(name) + len(mark)
        if mark and begin >= start and value:
            yield Span("target", begin, begin + len(value), name, shared(unquote_plus(value)))
        at += len(pair) + 1


def header_spans(row: int, header: Header) -> Iterator[Span]:
    """Yield the value of a header: for an Authorization what follows its scheme, without quotes for an ETag."""
    name, value = header.name.lower(), header.value
    start, end = 0, len(value)
    if name in ("authorization", "proxy-authorization") and " " in value:
        start = value.index(" ") + 1
    elif value[:1] == '"' and value[-1:] == '"' and len(value) > 1:
        start, end = 1, end - 1
    yield Span("header", start, end, name, value[start:end], row)


def body_spans(request: Request) -> Iterator[Span]:
    """Yield the digests of a small body, and the fields of a form."""
    body = request.body
    if not isinstance(body, bytes) or len(body) > _BODY_LIMIT:
        return
    if "form-urlencoded" in (request.headers.get("Content-Type") or "").lower():
        yield from _form_spans(body)
        return
    for count, found in enumerate(_DIGEST.finditer(body)):
        if count >= _MOST_IN_BODY:
            return
        yield Span("body", found.start(), found.end(), "digest", shared(found[0].decode("ascii")))


def _form_spans(body: bytes) -> Iterator[Span]:
    at = 0
    for pair in body.split(b"&"):
        name, mark, value = pair.partition(b"=")
        begin = at + len(name) + len(mark)
        if mark and value:
            text = unquote_plus(value.decode("latin-1"))
            yield Span("body", begin, begin + len(value), name.decode("latin-1"), text)
        at += len(pair) + 1
