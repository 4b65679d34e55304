"""Nexus, as far as threads about failed pushes show it: uploads without a state, and its own word for lost ones."""

from __future__ import annotations

from explorer.practice.errors import Reply
from explorer.practice.manner import ErrorManner, Manner, UploadManner

_LOST = Reply(400, "BLOB_UPLOAD_INVALID", "blob upload invalid")

MANNER = Manner(
    name="nexus",
    imitates="Sonatype Nexus: a Location without a query, 400 BLOB_UPLOAD_INVALID for an upload that it does not find.",
    source="gh:sonatype/nexus-public#967, #423, #383 (threads, no traces)",
    unknown="Whether Locations have a host, chunks, status, mounts, texts: as in the specification. Its path "
    "/repository/NAME/v2/ is left out: it is asked at a port of its own, as Nexus can be.",
    errors=ErrorManner(replies={"upload-unknown": _LOST, "upload-other": _LOST}),
    uploads=UploadManner(has_state=False),
)
