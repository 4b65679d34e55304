"""One process per store: a lock on a file, which the system takes back however the process ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from explorer.errors import FormatError
from explorer.practice.files import open_private

if sys.platform == "win32":
    import msvcrt

    def _try(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FolderLock:
    """Held from its making until `release`."""

    def __init__(self, folder: Path) -> None:
        """Take the lock of a folder; raises FormatError where another process has it."""
        path = folder / "lock"
        self._descriptor = open_private(path, os.O_RDWR | os.O_CREAT)
        try:
            _try(self._descriptor)
        except OSError as held:
            holder = os.pread(self._descriptor, 20, 0).decode("ascii", "replace") if hasattr(os, "pread") else ""
            os.close(self._descriptor)
            who = f" (its number is {holder})" if holder.isdigit() else ""
            why = f"another process{who} is using it as its store; end that one, or give another folder."
            raise FormatError(folder, why) from held
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, str(os.getpid()).encode())

    def release(self) -> None:
        """Let another process have it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
