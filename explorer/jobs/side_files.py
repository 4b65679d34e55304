"""Bodies of requests in files of their own, for scripts that send them.

What lies on the disk is copied as it was sent, its sha256 checked: a registry would refuse anything else. What is in
the session itself is written as it is shared, without its secrets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from pathlib import Path

from explorer.errors import FormatError, InputError
from explorer.formats.exporting import write_private
from explorer.model import Exchange, Session, Slice, sha256_of
from explorer.revival import RecordedBytes
from explorer.visible import visible

_BLOCK = 1024 * 1024
_SMALL = 4096


class SideFiles(Enum):
    """Which bodies are written: those that the recording names on the disk, or those that are in the session."""

    FROM_DISK = Slice
    FROM_SESSION = bytes


def with_side_files(
    session: Session, ids: set[int], folder: str, which: SideFiles, *, is_hidden: bool = False
) -> Session:
    """Write bodies of the chosen requests into a folder, and return the session with them there.

    Small ones in the session stay there. With `is_hidden`, the session names the file without its folder. Raises
    FormatError where a body on the disk is gone or another one now, InputError where the folder cannot be used.
    """
    place = Path(folder)
    if place.is_symlink():
        raise InputError(f"{visible(folder)} is a link to another folder; name that folder itself, or a new one.")
    source = RecordedBytes(session.call.arguments)
    written: dict[str, Slice] = {}
    try:
        exchanges = tuple(
            _with_side_file(exchange, place, source, written, which, is_hidden) if exchange.id in ids else exchange
            for exchange in session.exchanges
        )
    finally:
        source.close()
    return replace(session, exchanges=exchanges)


def about_side_files(session: Session, folder: str) -> Iterator[str]:
    """Yield what has to be known of the files before they are handed on; `session` has those of the disk written."""
    place = str(Path(folder).absolute())
    bodies = (exchange.request.body for exchange in session.exchanges)
    paths = {body.path for body in bodies if isinstance(body, Slice) and str(Path(body.path).parent) == place}
    if paths:
        them = (
            "1 body as it was sent; it was" if len(paths) == 1 else f"{len(paths)} bodies as they were sent; they were"
        )
        yield f"In {visible(folder)}: {them} not looked into for secrets."


def _with_side_file(
    exchange: Exchange, folder: Path, source: RecordedBytes, written: dict[str, Slice], which: SideFiles, hide: bool
) -> Exchange:
    body = exchange.request.body
    if not isinstance(body, which.value) or (isinstance(body, bytes) and len(body) <= _SMALL):
        return exchange
    if isinstance(body, bytes):
        wanted = sha256_of(body)
    else:
        assert isinstance(body, Slice)
        wanted = body.sha256 or exchange.sent_sha256
        if not wanted:
            raise InputError(f"The body of exchange {exchange.id} has no sha256, so nothing tells which bytes it was.")
        body = source.again(body)
    if wanted not in written:
        path = folder / f"body-{exchange.id}.bin"
        write_private(path, _hashing(body, wanted, path))
        size = len(body) if isinstance(body, bytes) else body.length
        written[wanted] = Slice(path.name if hide else str(path.absolute()), 0, size, wanted, path.name)
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
