"""What nobody answered is marked in whatever is written of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.formats.exporters import Material
from explorer.formats.exporting import writers
from explorer.supposing import MADE_UP
from tests.formats.exporters.conftest import exported, material_of


@pytest.mark.parametrize("kind", [writer.name for writer in writers()])
def test_a_made_up_answer_is_marked_in_every_export(kind: str, recorded: Material) -> None:
    first = next(exchange for exchange in recorded.chosen if exchange.request.method == "POST")
    assert MADE_UP in exported(material_of(replace(first, basis=MADE_UP)), kind)
    assert MADE_UP not in exported(material_of(first), kind)
