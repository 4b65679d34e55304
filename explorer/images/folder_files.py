"""Files of a folder. Links are followed as far as they stay in the folder."""

from __future__ import annotations

import errno
import stat
from collections.abc import Iterable
from pathlib import Path

from explorer.errors import FormatError
from explorer.images.files import inside, leaving, missing, shown
from explorer.model import Slice


class FolderFiles:
    """The files of a folder, by name."""

    kind = "folder"
    doubt = ""

    def __init__(self, path: str) -> None:
        self.path = path
        self._root = Path(path).resolve()

    def names(self) -> Iterable[str]:
        """Return the names at the top of the folder."""
        return sorted(entry.name for entry in self._root.iterdir())

    def has(self, name: str) -> bool:
        """Say whether there is such a file or link; never raises."""
        plain = inside(name)
        try:
            return plain is not None and (self._root / plain).lstat() is not None
        except (OSError, ValueError):
            return False

    def slice(self, name: str, wanted: str) -> Slice:
        """Return where the bytes of a file are; raises FormatError where they are not in this folder."""
        plain = inside(name)
        if plain is None:
            raise leaving(self, name, wanted)
        found = self._resolve(plain, wanted)
        if not found.is_relative_to(self._root):
            raise leaving(self, name, wanted)
        status = found.stat()
        if not stat.S_ISREG(status.st_mode):
            raise FormatError(self.path, f"it is {wanted}, and it is not a regular file.", shown(plain))
        return Slice(str(found), 0, status.st_size, source=f"{plain} in {self._root.name or self.path}")

    def _resolve(self, plain: str, wanted: str) -> Path:
        try:
            return (self._root / plain).resolve(strict=True)
        except (FileNotFoundError, NotADirectoryError) as bad:
            raise missing(self, plain, wanted) from bad
        except (RuntimeError, OSError) as bad:  # Python before 3.13 calls a loop of links a RuntimeError
            if isinstance(bad, OSError) and bad.errno != errno.ELOOP:
                raise
            raise FormatError(self.path, f"it is {wanted}, and its links lead in a circle.", shown(plain)) from bad
