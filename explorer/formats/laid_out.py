"""A session whose lines were laid out for people, as `jq .` prints it: put back on one line each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from explorer.formats.json_stream import JsonError, JsonStream
from explorer.formats.sources import Source

_LOOKED_AT = 64 * 1024
_LONGEST = 256 * 1024 * 1024  # characters of one exchange
_OPENING = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{[ \t]*\r?\n([ \t]*)\"")
_FORMAT = rb'"format"[ \t]*:[ \t]*"registry-explorer session"'


def is_laid_out(source: Source) -> bool:
    """Say whether a source is a session with each object over several lines."""
    head = source.head(_LOOKED_AT)
    found = _OPENING.match(head)
    return found is not None and re.search(rb"\n" + found[1] + _FORMAT, head) is not None


def lines(source: Source) -> Iterator[bytes]:
    """Yield the objects as a line each; raises EOFError where it is cut off, JsonError where it is no JSON."""
    stream = JsonStream(source.stream(), _LONGEST)
    try:
        for value in stream.values():
            yield json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"
    except JsonError as bad:
        if bad.is_cut:
            raise EOFError from bad
        raise JsonError(f"{bad}, line {bad.line}", bad.line) from bad
