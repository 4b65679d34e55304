"""Challenges as distribution writes them, with the realm and the service that the registry itself names."""

from __future__ import annotations

import re

from explorer.faults.answers import error
from explorer.faults.bodies import drained
from explorer.faults.declared import Passing
from explorer.spec.challenges import parse_challenges
from explorer.wire.server import Outgoing

Scope = tuple[str, tuple[str, ...]]
"""A repository and actions on it."""


def realm_and_service(passing: Passing) -> tuple[str, str]:
    """Return what the registry names in its own challenge; `/token` at this host where it has none."""
    passing.swallow()
    bare = passing.headers.without("Authorization")
    asked = passing.on(method="GET", target="/v2/", headers=bare, body=drained(passing.incoming.body))
    for challenge in parse_challenges(asked.headers):
        if challenge.scheme == "bearer" and challenge.get("realm"):
            return challenge.get("realm"), challenge.get("service")
    host = passing.incoming.host
    return f"{passing.incoming.scheme}://{host}/token", re.sub(r":\d+$", "", host)


def refused(passing: Passing, error_word: str, *scopes: Scope) -> Outgoing:
    """Return the 401 of distribution; `error_word` is invalid_token, insufficient_scope or empty."""
    realm, service = realm_and_service(passing)
    parts = [f'realm="{realm}"', f'service="{service}"']
    if scopes:
        named = " ".join(f"repository:{name}:{','.join(actions)}" for name, actions in scopes)
        parts.append(f'scope="{named}"')
    if error_word:
        parts.append(f'error="{error_word}"')
    detail = [
        {"Type": "repository", "Class": "", "Name": name, "Action": action}
        for name, actions in scopes
        for action in actions
    ]
    challenge = (("Www-Authenticate", f"Bearer {','.join(parts)}"),)
    return error(401, "UNAUTHORIZED", "authentication required", detail or None, extra=challenge)


def scope_refused(passing: Passing, *scopes: Scope) -> Outgoing:
    """Return the 401 for a token that does not allow enough."""
    return refused(passing, "insufficient_scope", *scopes)


def needed(passing: Passing) -> tuple[Scope, ...]:
    """Return the scopes that distribution asks for a request; none for `/v2/`."""
    asked = passing.asked
    if not asked.name:
        return ()
    if asked.is_read:
        return ((asked.name, ("pull",)),)
    return ((asked.name, ("delete",) if asked.method == "DELETE" else ("pull", "push")),)
