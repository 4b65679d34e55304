"""JSON Web Tokens, signed by HMAC-SHA256 (RFC 7519; distribution, docs/spec/auth/jwt.md for the claims)."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterable, Mapping

from explorer.practice.access.wanted import Wanted

_HEADER = {"typ": "JWT", "alg": "HS256"}


def signed(secret: bytes, claims: Mapping[str, object]) -> str:
    """Return a token that says the claims."""
    text = ".".join(_encoded(json.dumps(part, separators=(",", ":")).encode()) for part in (_HEADER, claims))
    return f"{text}.{_encoded(hmac.digest(secret, text.encode(), 'sha256'))}"


def read(secret: bytes, token: str) -> dict[str, object] | None:
    """Return the claims of a token; None where it was not signed with the secret."""
    text, _, signature = token.rpartition(".")
    try:
        mac = _decoded(signature)
        if not hmac.compare_digest(hmac.digest(secret, text.encode(), "sha256"), mac):
            return None
        claims = json.loads(_decoded(text.rpartition(".")[2]))
    except (ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


def access_claim(wanted: Iterable[Wanted]) -> list[dict[str, object]]:
    """Return the claim `access`: one entry for each resource."""
    entries: dict[tuple[str, str], list[str]] = {}
    for one in wanted:
        entries.setdefault((one.type, one.name), []).append(one.action)
    return [{"type": kind, "name": name, "actions": actions} for (kind, name), actions in entries.items()]


def allows(claims: Mapping[str, object], wanted: Wanted) -> bool:
    """Say whether the claims allow something."""
    listed = claims.get("access")
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, dict) and (entry.get("type"), entry.get("name")) == (wanted.type, wanted.name):
            actions = entry.get("actions")
            if isinstance(actions, list) and (wanted.action in actions or "*" in actions):
                return True
    return False


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
