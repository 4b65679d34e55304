"""The ladder as text, to be pasted anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.formats.exporters import Material, Writer
from explorer.ladder import as_text, ladder_of


def write(material: Material) -> Iterator[str]:
    """Yield the drawing."""
    yield as_text(ladder_of(material.chosen, material.session.call))


LADDER = Writer("ladder", "the ladder as text", ".txt", write)
