"""Google's Artifact Registry: uploads outside /v2/, at a long opaque path, and in one piece only."""

from __future__ import annotations

import secrets

from explorer.practice.call import Call
from explorer.practice.errors import Reply, refusal
from explorer.practice.manner import ErrorManner, Manner, UploadManner
from explorer.wire.server import Outgoing

_OPAQUE = "AF" * 490
"""What stands before the id of an upload, so that the whole is as long as it is there, and no name of a file is."""


def _new_id(_now: int) -> str:
    return secrets.token_hex(32)


def _before(call: Call) -> Outgoing | None:
    """Refuse chunks: a PATCH with Content-Range."""
    if call.incoming.method == "PATCH" and call.header("Content-Range"):
        raise refusal("range-syntax", "chunked uploads are not done here: send the blob in one piece")
    return None


MANNER = Manner(
    name="gar",
    imitates="Google Artifact Registry: a Location of over 1000 opaque characters outside /v2/, no chunks.",
    source="gh:podman-container-tools/skopeo#1101, gh:oras-project/rust-oci-client#175, gh:kitops-ml/kitops#777",
    unknown="How chunks are refused (400 UNSUPPORTED here), single POST, status, mounts: as in the specification.",
    relative=True,
    before=_before,
    errors=ErrorManner(replies={"range-syntax": Reply(400, "UNSUPPORTED")}),
    uploads=UploadManner(
        path="/artifacts-uploads/namespaces/practice/repositories/{name}/uploads/" + _OPAQUE + "{id}",
        new_id=_new_id,
        has_state=False,
        id_header="",
    ),
)
