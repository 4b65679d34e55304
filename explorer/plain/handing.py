"""Writing what is handed out from line mode to new files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from explorer.errors import InputError
from explorer.formats.exporting import write_private


def split_file(argument: str) -> tuple[str, str]:
    """Return what stands before `to FILE`, and FILE; empty where there is none."""
    padded = f" {argument.strip()}"
    front, mark, path = padded.partition(" to ")
    return (front.strip(), path.strip()) if mark else (argument.strip(), "")


def new_file(path: str) -> Path:
    """Return a path where no file is yet; raises InputError where there is one, or no name."""
    if not path.strip():
        raise InputError("The name of a file is missing.")
    found = Path(path.strip()).expanduser()
    if found.exists():
        raise InputError(f"There is something at {found} already, and it is not overwritten; name another file.")
    return found


def written(path: str, pieces: Iterable[bytes]) -> str:
    """Write a new file that only its owner can read, and return that in a sentence; raises InputError, FormatError."""
    found = new_file(path)
    write_private(found, pieces)
    return f"Written: {found}"
