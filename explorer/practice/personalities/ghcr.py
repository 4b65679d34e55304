"""GitHub's container registry, as far as logs of its clients show it."""

from __future__ import annotations

from explorer.practice.answers import plain
from explorer.practice.call import Call
from explorer.practice.manner import Manner, UploadManner
from explorer.wire.server import Outgoing

LONGEST_CHUNK = 4 * 1024 * 1024
"""Longest body of a PATCH in bytes."""


def _before(call: Call) -> Outgoing | None:
    """Refuse a chunk that is too long."""
    length = call.incoming.body.length
    if call.incoming.method == "PATCH" and call.upload and length is not None and length > LONGEST_CHUNK:
        return plain(416, f"The request body is {length / 2**20:.2f} MiB, which exceeds the limit of 4.00 MiB")
    return None


MANNER = Manner(
    name="ghcr",
    imitates="ghcr.io: relative Locations at blobs/upload/ (singular), lower-case header names, PATCH up to 4 MiB.",
    source="gh:docker/build-push-action#626, gh:ocx-sh/ocx#237",
    unknown="Single POST, status, mounts, referrers, most errors: they are as the specification has them.",
    headers=(),
    request_id="x-github-request-id",
    lower_case=True,
    relative=True,
    before=_before,
    uploads=UploadManner(path="/v2/{name}/blobs/upload/{id}", has_state=False),
)
