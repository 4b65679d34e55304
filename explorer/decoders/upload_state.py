"""`_state`: the upload state token of distribution and of the registries built on it.

Layout (registry/handlers/hmac.go): base64url with padding of a 32-byte HMAC-SHA256 followed by the JSON object
`{"Name","UUID","Offset","StartedAt"}`. Only the HMAC is secret; it cannot be checked without the server's key.
"""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from urllib.parse import unquote

from explorer.frozen import frozen
from explorer.model import Decoded
from explorer.spec.locations import query_values

MAC_LENGTH = 32
"""Length of the HMAC in bytes."""


@frozen
class UploadState:
    """What a token says: repository, upload id, bytes received so far, start of the upload (RFC 3339), and its MAC."""

    name: str
    uuid: str
    offset: int
    started_at: str
    mac: bytes


@lru_cache(64)  # it stands in an answer and in the request after it, and many ask for it
def read_token(token: str) -> UploadState | None:
    """Return what a `_state` value says, percent-encoded or not; None where it is no such token. Never raises."""
    try:
        raw = base64.b64decode(unquote(token).encode("ascii"), altchars=b"-_", validate=True)
        fields = json.loads(raw[MAC_LENGTH:])
        offset = fields["Offset"]
        if not isinstance(offset, int) or isinstance(offset, bool):
            return None
        return UploadState(str(fields["Name"]), str(fields["UUID"]), offset, str(fields["StartedAt"]), raw[:MAC_LENGTH])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def state_of(target: str) -> UploadState | None:
    """Return what the first `_state` of a target or URL says; None where it has none that can be read."""
    values = query_values(target, "_state")
    return read_token(values[0]) if values else None


def decode(value: str) -> Decoded | None:
    """Show what an upload state token says: repository, upload id, offset and start. A habit of distribution."""
    state = state_of(value) or read_token(value)
    if state is None:
        return None
    fields = (
        ("Name", state.name),
        ("UUID", state.uuid),
        ("Offset", str(state.offset)),
        ("StartedAt", state.started_at),
        ("mac", f"{state.mac.hex()} (cannot be checked without the registry's secret)"),
    )
    return Decoded("upload state", "this registry's habit", fields)
