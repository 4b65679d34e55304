"""What a token service answers (distribution, docs/spec/auth/token.md and oauth.md), and what a token says it grants.

`token` and `access_token` mean the same; `expires_in` is a number of seconds, 60 where it is not said. A service may
grant less than was asked for and still answer 200. What is read here comes from a server and is not to be trusted.
"""

from __future__ import annotations

import base64
import json
from dataclasses import field
from typing import Any

from explorer.frozen import frozen

_LONGEST_TOKEN = 64 * 1024
_LONGEST_LIFE = 10 * 365 * 86400


@frozen
class TokenAnswer:
    """A token, and what the service says about it: seconds that it is good for, a refresh token, the scopes granted.

    `granted` is None where neither the answer nor the token itself says it.
    """

    token: str = field(repr=False)
    expires_in: int | None = None
    refresh_token: str = field(default="", repr=False)
    granted: tuple[str, ...] | None = None


def read_token_answer(body: bytes) -> TokenAnswer | None:
    """Return what the body of a token service's answer says; None where it has no token that a header can carry."""
    value = _json(body)
    token = value.get("token") or value.get("access_token")
    if not isinstance(token, str) or not _is_sendable(token):
        return None
    refresh = value.get("refresh_token")
    scope = value.get("scope")
    granted = tuple(scope.split()) if isinstance(scope, str) and scope.strip() else granted_by(token)
    return TokenAnswer(
        token,
        _seconds(value.get("expires_in")),
        refresh if isinstance(refresh, str) and _is_sendable(refresh) else "",
        granted,
    )


def _seconds(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    return int(max(0, min(value, _LONGEST_LIFE)))


def _is_sendable(token: str) -> bool:
    # One that a recording has masked has a blank in it.
    return 0 < len(token) <= _LONGEST_TOKEN and token.isascii() and token.isprintable()


def granted_by(token: str) -> tuple[str, ...] | None:
    """Return the scopes in the `access` claim of a token that is a JWT; None where it says nothing of that."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = _json(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return None
    access = claims.get("access")
    if access is None and "access" in claims:
        access = []  # how Go writes an empty list
    if not isinstance(access, list):
        return None
    return tuple(scope for entry in access if (scope := _scope(entry)))


def _scope(entry: object) -> str:
    if not isinstance(entry, dict):
        return ""
    actions = entry.get("actions")
    texts = [action for action in actions if isinstance(action, str)] if isinstance(actions, list) else []
    return f"{entry.get('type')}:{entry.get('name')}:{','.join(texts)}"


def not_granted(wanted: tuple[str, ...], granted: tuple[str, ...]) -> tuple[str, ...]:
    """Return what was wanted and is not granted, as scopes; `*` grants every action."""
    has: dict[str, set[str]] = {}
    for scope in granted:
        resource, _, actions = scope.rpartition(":")
        has.setdefault(resource, set()).update(actions.split(","))
    missing = []
    for scope in wanted:
        resource, _, actions = scope.rpartition(":")
        there = has.get(resource, set())
        left = [action for action in actions.split(",") if action not in there and "*" not in there]
        if left:
            missing.append(f"{resource}:{','.join(left)}")
    return tuple(missing)


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
