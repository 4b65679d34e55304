"""Error bodies: `{"errors":[{"code":…,"message":…,"detail":…}]}` (distribution-spec, spec.md, "Error Codes").

The body is tried as JSON whatever its Content-Type says: some registries send it as text/plain.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

MEANINGS = {
    "BLOB_UNKNOWN": "the registry has no such blob in this repository",
    "BLOB_UPLOAD_INVALID": "the upload session named by the URL cannot be used",
    "BLOB_UPLOAD_UNKNOWN": "the registry knows no such upload session",
    "DIGEST_INVALID": "the digest given does not fit the content, or is not a digest",
    "MANIFEST_BLOB_UNKNOWN": "the manifest names a blob that this repository does not have",
    "MANIFEST_INVALID": "the manifest, or its Content-Type, was not accepted",
    "MANIFEST_UNKNOWN": "this repository has no such manifest",
    "NAME_INVALID": "the repository's name is not allowed",
    "NAME_UNKNOWN": "the registry knows no such repository",
    "RANGE_INVALID": "the bytes do not continue where the upload stands",
    "SIZE_INVALID": "the length given does not fit the content",
    "TAG_INVALID": "the tag is not allowed",
    "TOOMANYREQUESTS": "there were too many requests",
    "UNAUTHORIZED": "credentials are missing or do not suffice",
    "DENIED": "access to this is denied",
    "UNSUPPORTED": "the registry does not do this",
}


@dataclass(frozen=True, slots=True)
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
