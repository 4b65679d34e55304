"""How an image is to be made, as the user asked for it."""

from __future__ import annotations

from pathlib import Path

from explorer.frozen import frozen
from explorer.model import Progress


@frozen
class Making:
    """The schema (docker, oci, or None: as the source has it), whether to compress, a private folder, whom to tell."""

    scratch: Path
    schema: str | None = None
    gzip: bool = False
    progress: Progress | None = None
    as_is: bool = False  # layers are not compared with what the config lists
