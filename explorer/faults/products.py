"""Error bodies of other registries than distribution: Quay writes a detail always, Harbor never."""

from __future__ import annotations

from explorer.faults.answers import JSON
from explorer.model import Headers
from explorer.spec.go_json import go_json
from explorer.wire.server import Outgoing


def quay(status: int, code: str, message: str, **more: object) -> Outgoing:
    """Return an error of Quay (endpoints/v2/errors.py): keys in order, an empty detail where there is none."""
    element = {"code": code, "detail": {}, "message": message, **more}
    body = go_json({"errors": [dict(sorted(element.items()))]})
    return Outgoing(status, Headers.of(JSON, ("Docker-Distribution-API-Version", "registry/2.0")), body)


def harbor(status: int, code: str, message: str) -> Outgoing:
    """Return an error of Harbor: code and message, no detail."""
    body = go_json({"errors": [{"code": code, "message": message}]})
    return Outgoing(status, Headers.of(("Content-Type", "application/json; charset=utf-8")), body)
