"""The schema in the package is that of the file: what is written fits it, and it names every field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings

import explorer.formats
from explorer.formats.exchange_values import exchange_to_json
from explorer.formats.session import session_lines
from explorer.model import Exchange
from tests.formats.test_session import SESSION
from tests.strategies import exchanges

SCHEMA: dict[str, Any] = json.loads((Path(explorer.formats.__file__).parent / "session.schema.json").read_text())


def strangers(value: Any, schema: dict[str, Any], where: str = "") -> list[str]:
    """Return what a value has that its schema does not name, and what it lacks."""
    if "$ref" in schema:
        return strangers(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], where)
    if "anyOf" in schema and value is not None and "properties" not in schema:
        return strangers(value, schema["anyOf"][-1], where)
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    known = schema["properties"]
    lacking = [f"{where}/{name} is missing" for name in schema.get("required", ()) if name not in value]
    unnamed = [f"{where}/{name}" for name in value if name not in known and name != "later"]
    inner = [
        found for name in value if name in known for found in strangers(value[name], known[name], f"{where}/{name}")
    ]
    return [*lacking, *unnamed, *inner]


@given(exchanges())
@settings(max_examples=50)
def test_every_field_that_is_written_stands_in_the_schema(exchange: Exchange) -> None:
    assert strangers(exchange_to_json(exchange), SCHEMA["$defs"]["exchange"]) == []


def test_the_head_fits_the_schema() -> None:
    head = json.loads(next(iter(session_lines(SESSION))))
    assert strangers(head, SCHEMA["$defs"]["head"]) == []
    assert head["format"] == SCHEMA["$defs"]["head"]["properties"]["format"]["const"]
