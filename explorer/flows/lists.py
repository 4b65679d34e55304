"""Lists in the bodies of answers."""

from __future__ import annotations

import json
from typing import Any

from explorer.errors import Stuck
from explorer.model import Exchange


def object_of(exchange: Exchange) -> dict[str, Any]:
    """Return the JSON object that an answer's body is; raises Stuck where it is none."""
    body = exchange.response.body if exchange.response else b""
    try:
        value = json.loads(body) if isinstance(body, bytes) else None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Stuck(f"The body of the answer to {exchange.request.method} {exchange.request.target} is no JSON object.")
    return value


def texts_of(exchange: Exchange, name: str) -> list[str]:
    """Return the list of texts of that name; null stands for an empty one. Raises Stuck where it is something else."""
    value = object_of(exchange).get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Stuck(f"The answer's '{name}' is no list of names.")
    return value
