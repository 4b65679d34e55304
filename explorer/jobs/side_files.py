"""Bodies of requests in files of their own, for scripts that send them.

What lies on the disk is copied as it was sent, its sha256 checked: a registry would refuse anything else. What is in
the session itself is written as it is shared, without its secrets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from explorer.errors import FormatError, InputError
from explorer.formats.exporting import write_private
from explorer.model import Exchange, Session, Slice, sha256_of
from explorer.revival import RecordedBytes
from explorer.visible import visible

_BLOCK = 1024 * 1024
_SMALL = 4096


def with_side_files(shown: Session, session: Session, ids: set[int], folder: str, *, is_hidden: bool) -> Session:
    """Write the bodies of the chosen requests into a folder, and return the session that is shown with them there.

    What lies on the disk is found by `session`, which has not been redacted. Small bodies in the session stay there.
    With `is_hidden`, the session names the file without its folder. Raises FormatError where a body on the disk is gone
    or another one now, InputError where the folder cannot be used.
    """
    place = Path(folder)
    if place.is_symlink():
        raise InputError(f"{visible(folder)} is a link to another folder; name that folder itself, or a new one.")
    written: dict[str, Slice] = {}
    source = RecordedBytes(session.call.arguments)
    try:
        pairs = zip(shown.exchanges, session.exchanges, strict=True)
        exchanges = tuple(
            _with_side_file(one, found, place, written, is_hidden) if found and one.id in ids else one
            for one, found in ((one, _body_of(one, was, source) if one.id in ids else None) for one, was in pairs)
        )
    finally:
        source.close()
    return replace(shown, exchanges=exchanges)


def about_side_files(session: Session, ids: set[int], folder: str) -> Iterator[str]:
    """Yield what has to be known of the files before they are handed on."""
    bodies = (exchange.request.body for exchange in session.exchanges if exchange.id in ids)
    if found := {(body.sha256, body.length) for body in bodies if isinstance(body, Slice)}:
        them = (
            "1 body as it was sent; it was" if len(found) == 1 else f"{len(found)} bodies as they were sent; they were"
        )
        yield f"In {visible(folder)}: {them} not looked into for secrets."


def _body_of(shown: Exchange, was: Exchange, source: RecordedBytes) -> tuple[bytes | Slice, str] | None:
    """Return a body that belongs into a file, and its sha256; None where there is none."""
    if isinstance(body := shown.request.body, bytes):
        return (body, sha256_of(body)) if len(body) > _SMALL else None
    if not isinstance(body := was.request.body, Slice):
        return None
    wanted = body.sha256 or was.sent_sha256
    if not wanted:
        raise InputError(f"The body of exchange {was.id} has no sha256, so nothing tells which bytes it was.")
    return source.again(body), wanted


def _with_side_file(
    exchange: Exchange, found: tuple[bytes | Slice, str], folder: Path, written: dict[str, Slice], is_hidden: bool
) -> Exchange:
    body, wanted = found
    if wanted not in written:
        path = folder / f"body-{exchange.id}.bin"
        write_private(path, _hashing(body, wanted, path))
        size = len(body) if isinstance(body, bytes) else body.length
        written[wanted] = Slice(path.name if is_hidden else str(path.absolute()), 0, size, wanted, path.name)
    request = replace(exchange.request, body=written[wanted])
    is_same = exchange.proposed == exchange.request
    return replace(exchange, request=request, proposed=request if is_same else exchange.proposed)


def _hashing(body: bytes | Slice, wanted: str, path: Path) -> Iterator[bytes]:
    """Yield the blocks of a body; raises FormatError at the end where they are not those that were sent."""
    hashed = hashlib.sha256()
    for block in blocks_of(body):
        hashed.update(block)
        yield block
    if hashed.hexdigest() != wanted:
        where = body.path if isinstance(body, Slice) else path
        raise FormatError(where, f"the bytes there are not those that were sent: their sha256 is not {wanted}.")


def blocks_of(body: bytes | Slice) -> Iterator[bytes]:
    """Yield a body in blocks; raises FormatError where its file cannot be read."""
    if isinstance(body, bytes):
        yield body
        return
    left = body.length
    try:
        with Path(body.path).open("rb") as file:
            file.seek(body.offset)
            while left and (block := file.read(min(left, _BLOCK))):
                left -= len(block)
                yield block
    except OSError as bad:
        raise FormatError(body.path, f"the body of a request lay there, and cannot be read: {bad.strerror}.") from bad
