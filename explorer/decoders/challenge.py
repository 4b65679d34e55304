"""`WWW-Authenticate`: the challenge of a 401 (RFC 9110, 11.6.1; docker's token specification for Bearer)."""

from __future__ import annotations

import re

from explorer.model import Decoded, Headers
from explorer.spec.challenges import parse_challenges

_CHALLENGE = re.compile(r"\s*(?:Basic|Bearer|Digest|Negotiate)\s+\w+\s*=", re.IGNORECASE)


def decode(value: str) -> Decoded | None:
    """Show what a challenge asks for: the scheme, the token service, and each scope with its actions."""
    if not _CHALLENGE.match(value):
        return None
    fields: list[tuple[str, str]] = []
    for challenge in parse_challenges(Headers.of(("WWW-Authenticate", value))):
        fields.append(("scheme", challenge.scheme))
        for name, parameter in challenge.parameters:
            if name != "scope":
                fields.append((name, parameter))
        fields += [("scope", _scope(scope)) for scope in challenge.scopes]
    return Decoded("challenge", "specification", tuple(fields))


def _scope(scope: str) -> str:
    kind, _, rest = scope.partition(":")
    name, colon, actions = rest.rpartition(":")
    return f"{actions} on {kind} {name}" if colon and name else scope
