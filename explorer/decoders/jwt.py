"""Bearer tokens that are JSON Web Tokens (RFC 7519), as docker's token specification has them.

A client has to treat a token as opaque; that most are JWTs is the token services' habit. The signature is not checked.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from explorer.model import Decoded

_JWT = re.compile(r"(?:Bearer +)?(eyJ[A-Za-z0-9_-]*)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)", re.IGNORECASE)
_TIMES = ("exp", "nbf", "iat")
_LONGEST = 64 * 1024
_MOST_ACCESS = 50


def decode(value: str) -> Decoded | None:
    """Show what a bearer token says: who made it for whom, from when to when, and what it allows."""
    found = _JWT.fullmatch(value.strip()) if len(value) <= _LONGEST else None
    if found is None:
        return None
    header, claims = _object(found[1]), _object(found[2])
    if header is None or claims is None:
        return None
    fields = (
        *((name, str(header[name])) for name in ("alg", "kid") if name in header),
        *_claims(claims),
        ("signature", "not checked: that needs the registry's key" if found[3] else "none"),
    )
    return Decoded("JSON Web Token", "this registry's habit", fields)


def claims_of(value: str) -> dict[str, Any] | None:
    """Return the claims of a token, with or without its scheme in front; None where it is no JWT. Never raises."""
    found = _JWT.fullmatch(value.strip()) if len(value) <= _LONGEST else None
    return _object(found[2]) if found else None


def _object(part: str) -> dict[str, Any] | None:
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _claims(claims: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in claims.items():
        if name in _TIMES:
            yield name, _moment(value)
        elif name == "access" and isinstance(value, list):
            for entry in value[:_MOST_ACCESS]:
                yield "access", _access(entry)
        else:
            yield str(name), value if isinstance(value, str) else json.dumps(value)


def _moment(value: object) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return json.dumps(value)
    try:
        return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%dT%H:%M:%SZ} ({value:.0f})"
    except (ValueError, OverflowError, OSError):
        return json.dumps(value)


def _access(entry: object) -> str:
    if not isinstance(entry, dict) or not isinstance(entry.get("actions"), list):
        return json.dumps(entry)
    actions = ",".join(str(action) for action in entry["actions"]) or "nothing"
    return f"{actions} on {entry.get('type', '?')} {entry.get('name', '?')}"
