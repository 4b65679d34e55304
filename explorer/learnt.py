"""Which lessons have been taken, and how: a small file in the user's data folder, readable by its owner only."""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path

from explorer.errors import FormatError
from explorer.frozen import frozen
from explorer.places import data_folder

_FORMAT = 1


@frozen
class Taken:
    """A lesson that was taken to its end: the best result so far, and the day of the last time (ISO 8601)."""

    right: int
    asked: int
    last: str


def progress_file() -> Path:
    """Return where the progress is kept; it may not exist yet."""
    return data_folder() / "lessons.json"


def taken(path: Path | None = None) -> dict[str, Taken]:
    """Return the lessons that were taken; none where there is no file. Raises FormatError where it cannot be read."""
    path = path or progress_file()
    try:
        kept = json.loads(path.read_bytes())
        if kept["format"] != _FORMAT:
            raise FormatError(path, f"its format is {kept['format']!r}; this program reads {_FORMAT}.")
        return {str(name): _taken(one) for name, one in kept["lessons"].items()}
    except FileNotFoundError:
        return {}
    except OSError as bad:
        raise FormatError(path, f"the progress of the lessons cannot be read: {bad.strerror}.") from bad
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as bad:
        raise FormatError(path, "it is not the progress of the lessons; remove it to begin anew.") from bad


def _taken(one: dict[str, object]) -> Taken:
    right, asked, last = one["right"], one["asked"], one["last"]
    if not (isinstance(right, int) and isinstance(asked, int) and isinstance(last, str)):
        raise ValueError("a lesson's numbers are none")
    return Taken(right, asked, last)


def note(name: str, right: int, asked: int, path: Path | None = None) -> None:
    """Note that a lesson was taken to its end; the better result stays. Raises FormatError."""
    path = path or progress_file()
    known = taken(path)
    before = known.get(name)
    if before and before.right * max(1, asked) > right * max(1, before.asked):
        right, asked = before.right, before.asked
    known[name] = Taken(right, asked, time.strftime("%Y-%m-%d"))
    lessons = {name: {"right": one.right, "asked": one.asked, "last": one.last} for name, one in known.items()}
    _write(path, json.dumps({"format": _FORMAT, "lessons": lessons}, indent=2).encode() + b"\n")


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".lessons-")  # made with 0600
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(aside).replace(path)
    except OSError as bad:
        raise FormatError(path, f"the progress of the lessons cannot be kept: {bad.strerror}.") from bad
