"""The one seam: named files, whether they lie in a folder or in a tar.

Names are relative to the top, with '/' between their parts. A name that would leave the archive or folder is refused
here, before anything looks at the disk.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from explorer.errors import FormatError
from explorer.model import Slice

SMALL = 4 * 1024 * 1024
"""The largest manifest, index or config that is read into memory, in bytes."""


class Files(Protocol):
    """Files by name; `path` is what the user called them, `doubt` what is odd about them as a whole."""

    @property
    def path(self) -> str:
        """The archive or folder, as the user named it."""

    @property
    def kind(self) -> str:
        """The word for it in sentences: archive or folder."""

    @property
    def doubt(self) -> str:
        """What may explain a missing file, as the end of a sentence; empty where there is nothing."""

    def names(self) -> Iterable[str]:
        """Return the names at the top, or in an archive all of them."""

    def has(self, name: str) -> bool:
        """Say whether there is such a file or link; never raises."""

    def slice(self, name: str, wanted: str) -> Slice:
        """Return where the bytes of a file are; `wanted` says who names it ("layer 1 in manifest.json").

        Raises FormatError where it is missing, is no regular file, is cut off, or leaves the archive or folder.
        """


def inside(name: str) -> str | None:
    """Return the name in its plain form, or None where it leaves the place it is relative to."""
    plain = posixpath.normpath(name) if name else ""
    if not plain or plain.startswith(("/", "../")) or plain in (".", "..") or "\0" in plain:
        return None
    return plain


def shown(text: str) -> str:
    """Return a name from a file fit for a sentence: cut at 120 characters, signs that do not print escaped."""
    cut = text if len(text) <= 120 else text[:117] + "…"
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in cut)


def missing(files: Files, name: str, wanted: str) -> FormatError:
    """Return the sentence for a file that is named and is not there."""
    return FormatError(files.path, f"the {files.kind} holds no '{shown(name)}', which is {wanted}{files.doubt}.")


def leaving(files: Files, name: str, wanted: str) -> FormatError:
    """Return the sentence for a name or link that leads out."""
    return FormatError(
        files.path, f"'{shown(name)}', which is {wanted}, leads out of the {files.kind}; only what is in it is read."
    )


def read_small(files: Files, name: str, wanted: str) -> bytes:
    """Return the bytes of a small file; raises FormatError above 4 MiB and whatever `slice` raises."""
    part = files.slice(name, wanted)
    if part.length > SMALL:
        raise FormatError(
            files.path, f"it has {part.length} bytes, and {wanted} may have at most {SMALL} (4 MiB).", shown(name)
        )
    return read_part(part, files.path)


def read_part(part: Slice, path: str) -> bytes:
    """Return the bytes of a part of a file; raises FormatError where the file ends before."""
    with Path(part.path).open("rb", buffering=0) as file:
        file.seek(part.offset)
        data = file.read(part.length)
    if len(data) < part.length:
        raise ended_early(part, part.length - len(data), path)
    return data


def ended_early(part: Slice, lacking: int, path: str = "") -> FormatError:
    """Return the sentence for a file that has become shorter than it was when it was opened."""
    return FormatError(path or part.path, f"the file ends {lacking} bytes early: it changed while it was read.")
