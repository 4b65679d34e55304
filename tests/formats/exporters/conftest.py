"""Material to export."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.formats.exporters import Material
from explorer.formats.exporting import export
from explorer.formats.session import read_session
from explorer.model import Exchange, FlowCall, Session

SESSION = Path(__file__).parents[3] / "sessions" / "second-question-mark.jsonl"


def material_of(*exchanges: Exchange) -> Material:
    """Return material of those exchanges."""
    return Material(Session("test", 1.0, FlowCall(""), exchanges), exchanges)


def exported(material: Material, kind: str) -> str:
    """Return an export as text."""
    return b"".join(export(material, kind)).decode("utf-8", "surrogateescape")


@pytest.fixture
def recorded() -> Material:
    """Return the story of the second question mark."""
    session = read_session(SESSION).session
    return Material(session, session.exchanges, remarks=("A remark.",), versions=("here 1.0",))
