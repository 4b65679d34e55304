"""Error bodies: `{"errors":[{"code":…,"message":…,"detail":…}]}` (distribution-spec, spec.md, "Error Codes").

The body is tried as JSON whatever its Content-Type says: some registries send it as text/plain.
"""

from __future__ import annotations

import json

from explorer.frozen import frozen
from explorer.spec.codes import CODES

MEANINGS = {entry.code: entry.meaning for entry in CODES}
"""What each code means, as the end of a sentence."""


@frozen
class RegistryError:
    """One element of `errors`; `detail` is its JSON as text, empty where there is none."""

    code: str
    message: str
    detail: str


def parse_errors(body: bytes) -> tuple[RegistryError, ...]:
    """Return the errors that a body holds; none where it is not an error body. Never raises."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(parsed, dict):
        return ()
    listed = parsed.get("errors", [parsed] if "code" in parsed else [])
    if not isinstance(listed, list):
        return ()
    return tuple(_one(entry) for entry in listed if isinstance(entry, dict))


def _one(entry: dict[str, object]) -> RegistryError:
    detail = entry.get("detail")
    shown = "" if detail is None else detail if isinstance(detail, str) else json.dumps(detail, ensure_ascii=False)
    return RegistryError(str(entry.get("code", "")), str(entry.get("message", "")), shown)
