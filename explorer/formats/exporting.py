"""The door for everything that a session can be written as.

Each kind is a file of `exporters/` with a `Writer`, and is found by itself. Files are private (0600) and appear whole
or not at all.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from explorer.errors import FormatError, InputError
from explorer.filters import parse_filter
from explorer.formats import exporters
from explorer.formats.exporters import Material, Writer
from explorer.model import Exchange

__all__ = ["Material", "Writer", "choose", "export", "write_private", "writer_named", "writers"]

_RANGE = re.compile(r"(\d+)?(-)?(\d+)?")
_WORDS = {"failed": "~x", "edited": "~edited", "inferred": "~inferred"}


@cache
def writers() -> tuple[Writer, ...]:
    """Return every writer that the folder of exporters holds, by name."""
    modules = [import_module(f"{exporters.__name__}.{module.name}") for module in iter_modules(exporters.__path__)]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Writer)]
    return tuple(sorted(set(found), key=lambda writer: writer.name))


def writer_named(kind: str) -> Writer:
    """Return the writer of a kind; raises InputError where there is none."""
    found = next((writer for writer in writers() if writer.name == kind), None)
    if found is None:
        raise InputError(f"There is no kind '{kind}' to export to; there are {', '.join(w.name for w in writers())}.")
    return found


def export(material: Material, kind: str) -> Iterator[bytes]:
    """Yield the session as that kind, in pieces; raises InputError where there is no such kind."""
    for piece in writer_named(kind).write(material):
        yield piece.encode("utf-8", "surrogateescape")


def choose(exchanges: Sequence[Exchange], only: str) -> Sequence[Exchange]:
    """Return the exchanges that a choice names: numbers and ranges (3, 5-7, 9-), failed, edited, inferred, or a filter.

    Several are joined by commas, and each adds to what is chosen; an empty text chooses all. Raises InputError.
    """
    if not only.strip():
        return exchanges
    chosen: set[int] = set()
    for term in only.split(","):
        chosen |= set(_ids(term.strip(), exchanges))
    if not chosen:
        raise InputError(f"'{only}' chooses none of the {len(exchanges)} exchanges.")
    return tuple(exchange for exchange in exchanges if exchange.id in chosen)


def _ids(term: str, exchanges: Sequence[Exchange]) -> Iterator[int]:
    found = _RANGE.fullmatch(term)
    if found and (found[1] or found[3]):
        first = int(found[1] or 1)
        last = int(found[3]) if found[3] else (first if not found[2] else len(exchanges))
        if not 1 <= first <= max(len(exchanges), 1) or last < first:
            raise InputError(f"There is no exchange {term}; there are 1 to {len(exchanges)}.")
        yield from range(first, last + 1)
        return
    if not term:
        raise InputError("Between two commas, there is nothing that chooses an exchange.")
    picked = parse_filter(_WORDS.get(term, term))
    yield from (exchanges[index].id for index in range(len(exchanges)) if picked.at(exchanges, index))


def _write_to(path: Path, pieces: Iterable[bytes]) -> None:
    try:
        with path.open("wb") as stream:
            stream.writelines(pieces)
    except OSError as bad:
        raise FormatError(path, f"it cannot be written to: {bad.strerror}.") from bad


def write_private(path: Path, pieces: Iterable[bytes], mode: int = 0o600) -> None:
    """Write a file that only its owner can read, whole or not at all; raises FormatError where it cannot be written.

    What is there and no file (a device, a pipe) is written to, and not put away for a file.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        _write_to(path, pieces)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}-")
    except OSError as bad:
        raise FormatError(path, f"it cannot be written there: {bad.strerror}.") from bad
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except OSError as bad:
        raise FormatError(path, f"it cannot be written there: {bad.strerror}.") from bad
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
