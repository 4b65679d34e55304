"""Azure's registry: a distribution with a parameter of its own in the Location, and strict about Content-Range."""

from __future__ import annotations

from dataclasses import replace

from explorer.practice.call import Call
from explorer.practice.errors import Reply, refusal
from explorer.practice.personalities.distribution_3 import DISTRIBUTION_3
from explorer.practice.ranges import CHUNK
from explorer.wire.server import Outgoing


def _before(call: Call) -> Outgoing | None:
    """Refuse a Content-Range with a unit or a total, in the words of ACR."""
    value = call.header("Content-Range")
    if call.incoming.method == "PATCH" and value and not CHUNK.fullmatch(value):
        raise refusal("range-syntax", {"Range": value, "Reason": "the Content-Range header format is invalid"})
    return None


MANNER = replace(
    DISTRIBUTION_3,
    name="acr",
    imitates="Azure Container Registry: `_nouploadcache` before `_state` in the Location, a bare Content-Range only.",
    source="gh:Azure/acr#866, gh:dotnet/sdk-container-builds#258",
    unknown="The status of the refused Content-Range (400 here), single POST, mounts, referrers: as in distribution 3.",
    before=_before,
    errors=replace(
        DISTRIBUTION_3.errors,
        replies={**DISTRIBUTION_3.errors.replies, "range-syntax": Reply(400, "BLOB_UPLOAD_INVALID")},
    ),
    uploads=replace(DISTRIBUTION_3.uploads, query="_nouploadcache=false&"),
)
