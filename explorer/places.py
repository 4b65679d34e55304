"""Where recordings go, and where those lie that come with the program.

New ones go to ./sessions/local where there is a ./sessions, else to the user's data folder.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterable
from pathlib import Path

import platformdirs

from explorer.errors import FormatError
from explorer.frozen import frozen


def data_folder() -> Path:
    """Return the user's folder for what the program keeps; it may not exist yet."""
    return Path(platformdirs.user_data_dir("registry-explorer", appauthor=False))


def sessions_folder() -> Path:
    """Return the folder for new recordings; it may not exist yet."""
    here = Path("sessions")
    if here.is_dir():
        return here / "local"
    return data_folder() / "sessions"


def new_recording(name: str, suffix: str = ".jsonl") -> Path:
    """Return a path that is not taken: the time, and a name made fit for a file."""
    fit = re.sub(r"[^a-zA-Z0-9._-]+", "-", name).strip("-.")[:60] or "session"
    stem = f"{time.strftime('%Y-%m-%dT%H%M%S')}-{fit}"
    folder = sessions_folder()
    path = folder / f"{stem}{suffix}"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{suffix}"
    return path


def write_text(text: str) -> Path:
    """Write a text to a new file beside the recordings, readable by its owner only; raises FormatError."""
    whole = text if text.endswith("\n") else text + "\n"
    return _written(".txt", [whole.encode("utf-8", "backslashreplace")])


def write_bytes(parts: Iterable[bytes]) -> Path:
    """Write bytes as they are to a new file beside the recordings, as `write_text` does; raises FormatError."""
    return _written(".bin", parts)


def _written(suffix: str, parts: Iterable[bytes]) -> Path:
    path = new_recording("copied", suffix)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for part in parts:
                file.write(part)
    except OSError as bad:
        raise FormatError(path, f"it cannot be written there: {bad.strerror}.") from bad
    return path


@frozen
class Story:
    """A recording that comes with the program: its file, and what it tells in a sentence."""

    path: Path
    line: str


def stories() -> tuple[Story, ...]:
    """Return the recordings that come with the program, the first push first; what cannot be read is left out."""
    package = Path(__file__).parent
    installed = package / "sessions"
    folder = installed if installed.is_dir() else package.parent / "sessions"
    try:
        paths = sorted(folder.glob("*.jsonl"), key=lambda path: (path.stem != "first-push", path.stem))
    except OSError:
        return ()
    return tuple(Story(path, line) for path in paths if (line := _line_of(path)))


def _line_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return str(json.loads(file.readline()).get("story", ""))
    except (OSError, ValueError, AttributeError):
        return ""
