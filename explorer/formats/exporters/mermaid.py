"""The ladder as a Mermaid sequence diagram."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.formats.exporters import Material, Writer
from explorer.ladder import as_mermaid, ladder_of


def write(material: Material) -> Iterator[str]:
    """Yield the diagram's source."""
    yield as_mermaid(ladder_of(material.chosen, material.session.call))


MERMAID = Writer("mermaid", "the ladder as a Mermaid sequence diagram", ".mmd", write)
