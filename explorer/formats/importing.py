"""The door for everything that can be opened: one file, or one paste, becomes a session.

What it is, is recognised by its content, or said (`kind`). Each format is a file of `importers/` with a `READER`, and
is found by itself. Nothing that is imported is trusted: nothing is run, no network is used, and no file is touched but
the one that was named. What it is wrapped in (gzip, a zip archive, UTF-16) is taken off first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from explorer.errors import FormatError, InputError
from explorer.formats import importers
from explorer.formats.importers import CERTAIN, HEAD, Imported, Reader
from explorer.formats.importers import session as own
from explorer.formats.session_reading import PARSED_AT_ONCE, Growing
from explorer.formats.sources import Source
from explorer.formats.unpacking import open_plain, plain

__all__ = [
    "HEAD",
    "Growing",
    "Imported",
    "Reader",
    "begin_import",
    "import_bytes",
    "import_file",
    "import_source",
    "kinds",
    "readers",
]


@cache
def readers() -> tuple[Reader, ...]:
    """Return every reader that the folder of importers holds, by name."""
    return tuple(sorted({reader for group in _groups() for reader in group}, key=lambda reader: reader.name))


def _groups() -> Iterator[tuple[Reader, ...]]:
    """Yield the readers of each file of the folder; a file is loaded when it is its turn."""
    for module in iter_modules(importers.__path__):
        values = vars(import_module(f"{importers.__name__}.{module.name}")).values()
        found = [reader for value in values for reader in (value if isinstance(value, tuple) else (value,))]
        yield tuple(reader for reader in found if isinstance(reader, Reader))


def kinds() -> tuple[str, ...]:
    """Return the names of the formats, as `--from` takes them."""
    return tuple(reader.name for reader in readers())


def import_file(path: str | Path, kind: str = "") -> Imported:
    """Read a file (`-`: standard input; `@clipboard`: the clipboard); raises FormatError or InputError."""
    with ExitStack() as resources:
        return import_source(open_plain(str(path), resources), kind)


def begin_import(path: str | Path, kind: str = "") -> Growing | Imported:
    """Begin to read a file; a large session is given when its first exchanges are read. Raises what `import_file` does.

    Whoever gets one that grows has to read on until it is through, or to leave it at that.
    """
    with ExitStack() as resources:
        source = open_plain(str(path), resources)
        is_session = kind in ("", own.READER.name) and own.READER.recognise(source.head(HEAD)) == 1
        if is_session and source.size > PARSED_AT_ONCE and not source.remark:
            return Growing(source, resources.pop_all())
        return import_source(source, kind)


def import_bytes(data: bytes, name: str, kind: str = "") -> Imported:
    """Read what is in memory already; `name` says in messages what it is. Raises FormatError or InputError."""
    with ExitStack() as resources:
        return import_source(plain(Source.of(data, name), resources), kind)


def import_source(source: Source, kind: str = "") -> Imported:
    """Read a source as the format that is named, else as the one that it looks most like."""
    imported = (_named(kind) if kind else _recognised(source)).read(source)
    if not source.remark:
        return imported
    return replace(imported, remark=" ".join(filter(None, (source.remark, imported.remark))))


def _named(kind: str) -> Reader:
    found = next((reader for reader in readers() if reader.name == kind), None)
    if found is None:
        raise InputError(f"There is no format '{kind}' to read; there are {', '.join(kinds())}.")
    return found


def _recognised(source: Source) -> Reader:
    head = source.head(HEAD)
    if not head.strip():
        raise FormatError(source.name, "this is empty, so there is nothing to open.")
    if own.READER.recognise(head) == 1:  # it says so itself, so no other format need be loaded to be asked
        return own.READER
    for reader in (reader for group in _groups() for reader in group):
        if reader.recognise(head) >= CERTAIN:  # so the other formats need not be loaded either
            return reader
    best = max(readers(), key=lambda reader: reader.recognise(head))
    if best.recognise(head) <= 0:
        raise FormatError(
            source.name,
            f"this is none of the formats that can be read: it begins {head[:24]!r}. "
            f"There are {', '.join(kinds())}; name one with --from where it is one of them.",
        )
    return best
