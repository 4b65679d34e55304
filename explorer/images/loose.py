"""Loose files: layers and a config that somebody has made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from explorer.errors import FormatError
from explorer.images.building import build
from explorer.images.documents import At, parse_object
from explorer.images.files import SMALL, read_part
from explorer.images.making import Making
from explorer.model import Image, Slice


def read_loose(layers: Sequence[str], config: str, making: Making) -> Image:
    """Make an image of files; its schema is docker where none is asked for; raises InputError or FormatError."""
    config_part = _part(config, "config")
    if config_part.length > SMALL:
        raise FormatError(config, f"it has {config_part.length} bytes, and a config may have at most {SMALL} (4 MiB).")
    parse_object(read_part(config_part, config), At(config, "the config"))
    parts = [_part(layer, "layer") for layer in layers]
    return build("loose:latest", config_part, parts, making.schema or "docker", making)


def _part(path: str, role: str) -> Slice:
    file = Path(path)
    if not file.exists():
        raise FormatError(path, f"there is no such file; it is to be a {role}.")
    if not file.is_file():
        raise FormatError(path, f"it is to be a {role}, and it is not a regular file.")
    return Slice(str(file.absolute()), 0, file.stat().st_size, source=file.name)
