"""Statuses that are concluded from bodies: from the codes of the specification, or from the title of a page."""

from __future__ import annotations

import re

from explorer.spec.errors import parse_errors

STATUS_OF = {
    "BLOB_UNKNOWN": 404,
    "BLOB_UPLOAD_INVALID": 404,
    "BLOB_UPLOAD_UNKNOWN": 404,
    "DIGEST_INVALID": 400,
    "MANIFEST_BLOB_UNKNOWN": 400,
    "MANIFEST_INVALID": 400,
    "MANIFEST_UNKNOWN": 404,
    "MANIFEST_UNVERIFIED": 400,
    "NAME_INVALID": 400,
    "NAME_UNKNOWN": 404,
    "PAGINATION_NUMBER_INVALID": 400,
    "RANGE_INVALID": 416,
    "SIZE_INVALID": 400,
    "TAG_INVALID": 400,
    "UNAUTHORIZED": 401,
    "DENIED": 403,
    "UNSUPPORTED": 405,
    "TOOMANYREQUESTS": 429,
    "UNAVAILABLE": 503,
    "UNKNOWN": 500,
}
"""The status that distribution sends with each code (registry/api/v2/errors.go, registry/api/errcode/register.go)."""

_TITLE = re.compile(rb"<(?:title|h1)>\s*(\d{3}) ([^<\r\n]{0,80})", re.IGNORECASE)
_SPOKEN = re.compile(
    r"(?:^|: )("
    + "|".join(code.lower().replace("_", " ") for code in STATUS_OF if code not in ("UNKNOWN", "UNSUPPORTED"))
    + r")(?=: |$)"
)


def told_status(body: bytes) -> tuple[int, str] | None:
    """Return the status that a body goes with, and the words that say so; None where it says nothing of that kind."""
    errors = parse_errors(body)
    if errors:
        return STATUS_OF.get(errors[0].code, 400), errors[0].code
    if body[:1] == b"<" and (found := _TITLE.search(body[:4096])):
        return int(found[1]), found[2].decode("latin-1")
    return None


def spoken_status(message: str) -> tuple[int, str] | None:
    """Return the status that goes with an error as Go clients print it (`manifest unknown: …`), and the words."""
    found = _SPOKEN.search(message)
    return (STATUS_OF[found[1].upper().replace(" ", "_")], found[1]) if found else None
