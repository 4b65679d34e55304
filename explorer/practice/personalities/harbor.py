"""Harbor: a distribution inside, with Harbor's own errors, projects, referrers and rights in front of it."""

from __future__ import annotations

from dataclasses import replace

from explorer.practice.call import Call
from explorer.practice.errors import Reply, View, refusal
from explorer.practice.personalities.distribution_3 import DISTRIBUTION_3
from explorer.wire.server import Outgoing


def _before(call: Call) -> Outgoing | None:
    """See that the repository lies in a project: the first part of its name, of which there has to be a second."""
    if call.name and "/" not in call.name:
        raise refusal("name-unknown", message=f"project {call.name} not found")
    return None


MANNER = replace(
    DISTRIBUTION_3,
    name="harbor",
    imitates="Harbor: its inner distribution 3, proxied, behind Harbor's own handlers of manifests, tags and errors.",
    source="its source at c50c7dd (read, not run), gh:goharbor/harbor#12619",
    unknown="Which distribution is inside of which Harbor; quotas, immutable tags and scans are faults.",
    request_id="X-Request-Id",
    merges_slashes=True,
    before=_before,
    errors=replace(
        DISTRIBUTION_3.errors,
        replies={
            **DISTRIBUTION_3.errors.replies,
            "name-unknown": Reply(404, "NOT_FOUND"),
            "delete-unsupported": Reply(400, "UNSUPPORTED", "the operation is unsupported"),
        },
        view=View.NONE,
    ),
    manifests=replace(DISTRIBUTION_3.manifests, referrers=True),
)
