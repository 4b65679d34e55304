"""Amazon's registry, as far as its documents and logs of its clients show it."""

from __future__ import annotations

from explorer.practice.call import Call
from explorer.practice.errors import Reply, refusal
from explorer.practice.manner import ErrorManner, ListManner, Manner, UploadManner
from explorer.wire.server import Outgoing

SHORTEST_PART = 5 * 1024 * 1024
"""Shortest part but the last one, in bytes."""

LONGEST_PART = 20_971_520
"""Longest part in bytes."""


def _range(verb: str, size: int, first: int) -> str:
    """Say how far the upload is; every PATCH says what the first one said, which is where clients have looped."""
    return f"0-{max(0, (first if verb == 'PATCH' else size) - 1)}"


def _before(call: Call) -> Outgoing | None:
    """See that parts are not too long."""
    length, method = call.incoming.body.length, call.incoming.method
    if method == "PATCH" and call.header("Content-Range") and length is not None and length > LONGEST_PART:
        raise refusal("chunk-too-small", f"Layer parts must be at most {LONGEST_PART} bytes")
    return None


MANNER = Manner(
    name="ecr",
    imitates="Amazon ECR: PATCH answers 201 and a Range that stays behind, parts of 5 to 20 MiB, no catalogue.",
    source="gh:aws/containers-roadmap#2831, gh:openai/tart#273, AWS API reference UploadLayerPart",
    unknown="Single POST, status, mounts, referrers: as in the specification. A login is Basic with the user AWS.",
    before=_before,
    errors=ErrorManner(replies={"chunk-too-small": Reply(400, "SIZE_INVALID", "Layer parts must be at least 5 MiB")}),
    uploads=UploadManner(
        has_state=False,
        patch_status=201,
        range_of=_range,
        refused_location=False,
        chunk_min=SHORTEST_PART,
        announces_min=False,
    ),
    lists=ListManner(catalog=False),
)
