"""Files that are whole or not there: written aside, flushed, renamed into place. Private: 0600 and 0700."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for its owner alone."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def open_private(path: Path, flags: int) -> int:
    """Open a file for its owner alone and return its descriptor."""
    return os.open(path, flags | getattr(os, "O_BINARY", 0), 0o600)


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Write every byte."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def write_whole(path: Path, data: bytes, aside: Path, *, durable: bool) -> None:
    """Put a file in place at once; `aside` is a folder of the same file system for its first moments."""
    temporary = aside / secrets.token_hex(16)
    descriptor = open_private(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        write_all(descriptor, data)
        if durable:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    move(temporary, path, durable=durable)


def move(source: Path, target: Path, *, durable: bool) -> None:
    """Rename a file into place, over one that is there."""
    make_folder(target.parent)
    source.replace(target)
    if durable:
        flush(target.parent)


def flush(path: Path) -> None:
    """Have the system write a file or a folder out, where it can."""
    with contextlib.suppress(PermissionError):  # Windows opens no folders
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read_text(path: Path) -> str | None:
    """Return what a small file says; None where there is none."""
    try:
        return path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None


def remove(path: Path) -> bool:
    """Remove a file and say whether it was there."""
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def names_in(folder: Path) -> Iterator[str]:
    """Yield the names in a folder, in no order; none where it is not there."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        yield from os.listdir(folder)  # noqa: PTH208 - names are all that is wanted
