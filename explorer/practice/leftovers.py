"""Temporary folders that a killed process left behind: removed when the next one of their kind is made.

Each has a lock that its process holds until its end; what nobody holds, nobody uses. Folders of other users, and those
without a lock, which may be about to get one, stay.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from explorer.errors import FormatError
from explorer.practice.locking import FolderLock


def remove_leftovers(prefix: str) -> None:
    """Remove the temporary folders of this user, by the beginning of their names, that no process uses any more."""
    with contextlib.suppress(OSError):
        for path in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
            if _is_ours(path):
                _remove_unused(path)


def _is_ours(path: Path) -> bool:
    try:
        folder, lock = path.lstat(), (path / "lock").lstat()
    except OSError:
        return False
    is_mine = not hasattr(os, "getuid") or folder.st_uid == os.getuid()
    return is_mine and stat.S_ISDIR(folder.st_mode) and stat.S_ISREG(lock.st_mode)


def _remove_unused(path: Path) -> None:
    try:
        lock = FolderLock(path)
    except (FormatError, OSError):
        return
    shutil.rmtree(path, ignore_errors=True)
    lock.release()
