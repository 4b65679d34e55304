"""Quay, from its source: absolute Locations without a query, and ranges written in its own way."""

from __future__ import annotations

from explorer.practice.errors import Reply
from explorer.practice.manner import ErrorManner, ManifestManner, Manner, UploadManner


def _range(verb: str, size: int, _first: int) -> str:
    """Write a Range as Quay does: with a unit and -1 after POST, without after PATCH, one byte too many after GET."""
    return {"POST": f"bytes=0-{size - 1}", "PATCH": f"0-{size - 1}", "GET": f"bytes=0-{size}"}[verb]


MANNER = Manner(
    name="quay",
    imitates="Quay: Range `bytes=0--1` on POST, a status without Location and one byte too high, chunks that overlap.",
    source="its source at ffba0c7 (read, not run)",
    unknown="Texts of its errors.",
    blob_deletes=False,
    errors=ErrorManner(
        replies={
            "digest-missing": Reply(400, "BLOB_UPLOAD_INVALID"),
            "range-out-of-order": Reply(416, "BLOB_UPLOAD_INVALID"),
            "delete-unsupported": Reply(405, "UNSUPPORTED"),
            "method-wrong": Reply(405, "METHOD NOT ALLOWED"),
            "upload-other": Reply(400, "BLOB_UPLOAD_INVALID"),
        }
    ),
    uploads=UploadManner(
        has_state=False, range_of=_range, status_location=False, trims=True, mounts_from_anywhere=False
    ),
    manifests=ManifestManner(wants_accept=frozenset()),
)
