"""Delete a blob from a repository."""

from __future__ import annotations

from explorer.flows import Flow
from explorer.flows.answers import answered
from explorer.flows.declared import DIGEST, TARGET, Arguments, flow
from explorer.flows.requests import request


@flow(
    "delete-blob",
    "F23",
    arguments=(TARGET, DIGEST),
    example="delete-blob localhost:5000/demo/app sha256:44136f…",
    asks_first="This deletes the blob {digest} from {target}; manifests that name it can not be pulled then.",
)
def delete_blob(arguments: Arguments) -> Flow[str]:
    """Delete a blob from a repository.

    DELETE /v2/NAME/blobs/DIGEST (end-10). 202: gone from here; its bytes stay until the registry collects garbage. 405:
    this registry does not delete.
    """
    target = arguments.target
    yield from answered(
        "delete the blob",
        request("DELETE", target.origin, f"/v2/{target.repository}/blobs/{arguments.text('digest')}", body=b""),
        spec="end-10",
        why="Takes the blob out of this repository.",
        expects=(202, 200, 204),
    )
    return "deleted"
