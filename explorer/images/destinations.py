"""Where a pulled image goes: an OCI layout, or an archive as `docker save` makes them.

The blobs of a layout go where they belong. Those of an archive are gathered in a folder `NAME.partial` beside it, which
stays after an interruption, so that the next pull goes on from there, and goes when the archive is written.
"""

from __future__ import annotations

from pathlib import Path

from explorer.errors import FormatError, InputError
from explorer.frozen import frozen
from explorer.spec.digests import ENCODED_LENGTH, is_digest

LAYOUT, ARCHIVE = "layout", "docker-archive"
FORMS = (LAYOUT, ARCHIVE)
PART = ".part"
_OF_A_LAYOUT = ("oci-layout", "index.json", "blobs")


@frozen
class Destination:
    """A place for one image: its path and its form."""

    path: Path
    form: str

    @property
    def folder(self) -> Path:
        """The folder whose `blobs` the bytes go into."""
        return self.path if self.form == LAYOUT else self.path.with_name(f"{self.path.name}.partial")


def destination(text: str, form: str = "") -> Destination:
    """Return where an image may go; raises InputError where something is there that would be lost.

    Without a form, what ends in .tar is an archive of docker, and everything else a layout.
    """
    if not text:
        raise InputError("The destination is empty: name a folder for an OCI layout, or a .tar for an archive.")
    if form not in ("", *FORMS):
        raise InputError(f"'{form}' is no form of an image: it is {' or '.join(FORMS)}.")
    path = Path(text).expanduser().absolute()
    form = form or (ARCHIVE if path.name.lower().endswith(".tar") else LAYOUT)
    try:
        (_check_archive if form == ARCHIVE else _check_layout)(path)
    except OSError as bad:
        raise FormatError(text, f"it cannot be looked at: {bad.strerror}.") from bad
    return Destination(path, form)


def _check_archive(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise InputError(f"{path} exists already, and is not overwritten: name another, or remove it.")
    if not path.parent.is_dir():
        raise InputError(f"There is no folder {path.parent} for the archive {path.name}; make it first.")


def _check_layout(path: Path) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        raise InputError(f"{path} is a file, and is not overwritten: an OCI layout is a folder, so name another.")
    others = sorted(entry.name for entry in path.iterdir() if entry.name not in _OF_A_LAYOUT)
    if others and not (path / "oci-layout").is_file():
        raise InputError(f"{path} is no OCI layout, and holds '{others[0]}': name an empty folder, or a new one.")


def what_is_there(folder: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Return the sizes in bytes of the blobs in a layout, by digest: of whole ones, and of halves."""
    whole: dict[str, int] = {}
    halves: dict[str, int] = {}
    for algorithm in ENCODED_LENGTH:
        for file in (folder / "blobs" / algorithm).glob("*"):
            digest = f"{algorithm}:{file.name.removesuffix(PART)}"
            if is_digest(digest) and file.is_file():
                (halves if file.name.endswith(PART) else whole)[digest] = file.stat().st_size
    return whole, halves
