"""The ladder as SVG."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.formats.exporters import Material, Writer
from explorer.ladder import as_svg, ladder_of


def write(material: Material) -> Iterator[str]:
    """Yield the picture."""
    yield as_svg(ladder_of(material.chosen, material.session.call))


SVG = Writer("svg", "the ladder as a picture", ".svg", write)
