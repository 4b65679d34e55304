"""Where a script or a Hurl file gets the body of a request from."""

from __future__ import annotations

from pathlib import Path, PurePath

from explorer.formats.writing.bodies import reference
from explorer.frozen import frozen
from explorer.model import Exchange, Slice, Unkept


@frozen
class Need:
    """A file that is needed (its name in the folder of files, and which part of it), or what is missing, in words."""

    file: str = ""
    offset: int = 0
    length: int = 0
    is_whole: bool = False
    missing: str = ""

    def __bool__(self) -> bool:
        return self != NOTHING


NOTHING = Need()
"""What is needed for a body that is in the export itself."""


def needs_of(exchange: Exchange, files: str) -> Need:
    """Return what is needed for the body of a request; nothing where it is in the export itself.

    `files` is the folder that side files were written to, each a body of its own; empty where there are none.
    """
    match exchange.request.body:
        case bytes():
            return NOTHING
        case Unkept() as body:
            return Need(missing=reference(body).replace("}", ")"))
        case Slice() as body:
            whole = bool(files) or (body.offset == 0 and _size(body.path) == body.length)
            return Need(PurePath(body.path).name, body.offset, body.length, whole)


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return -1
