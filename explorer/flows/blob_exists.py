"""Does a repository have a blob?"""

from __future__ import annotations

from explorer.flows import Flow
from explorer.flows.answers import answered
from explorer.flows.declared import DIGEST, TARGET, Arguments, flow
from explorer.flows.requests import request
from explorer.model import Exchange, Origin


def head_blob(origin: Origin, repository: str, digest: str, name: str = "blob") -> Flow[Exchange]:
    """Ask for a blob without its bytes; 404 is an answer, not a failure."""
    return (
        yield from answered(
            f"{name}: is it there?",
            request("HEAD", origin, f"/v2/{repository}/blobs/{digest}"),
            spec="end-2",
            why="A blob that is there need not be sent. 404 is what one hopes for before an upload.",
            expects=(200, 404, 307, 302),
        )
    )


@flow("blob-exists", "F02", arguments=(TARGET, DIGEST), example="blob-exists localhost:5000/demo/app sha256:44136f…")
def blob_exists(arguments: Arguments) -> Flow[str]:
    """Ask whether a repository has a blob.

    HEAD /v2/NAME/blobs/DIGEST (end-2). 200 with its size in Content-Length: there. 404: not in this repository, though
    perhaps in another. 307: it lies in another storage.
    """
    target = arguments.target
    found = yield from head_blob(target.origin, target.repository, arguments.text("digest"))
    return "not there" if found.status == 404 else "there"
