"""Where recordings go: ./sessions/local where there is a ./sessions, else the user's data folder."""

from __future__ import annotations

import re
import time
from pathlib import Path

import platformdirs


def data_folder() -> Path:
    """Return the user's folder for what the program keeps; it may not exist yet."""
    return Path(platformdirs.user_data_dir("registry-explorer", appauthor=False))


def sessions_folder() -> Path:
    """Return the folder for new recordings; it may not exist yet."""
    here = Path("sessions")
    if here.is_dir():
        return here / "local"
    return data_folder() / "sessions"


def new_recording(name: str) -> Path:
    """Return a path that is not taken: the time, and a name made fit for a file."""
    fit = re.sub(r"[^a-zA-Z0-9._-]+", "-", name).strip("-.")[:60] or "session"
    stem = f"{time.strftime('%Y-%m-%dT%H%M%S')}-{fit}"
    folder = sessions_folder()
    path = folder / f"{stem}.jsonl"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.jsonl"
    return path
