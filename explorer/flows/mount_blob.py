"""Take a blob over from another repository of the same registry."""

from __future__ import annotations

from explorer.flows import Flow
from explorer.flows.answers import answered, check_digest, next_location
from explorer.flows.declared import DIGEST, TARGET, Argument, Arguments, Kind, flow
from explorer.flows.requests import request
from explorer.spec.references import check_repository

_FROM = Argument("from", Kind.TEXT, "the repository that has it; without it the mount is anonymous")
_KEEP = Argument("keep", Kind.FLAG, "where the blob is not mounted, leave the upload open that was opened instead")


@flow(
    "mount-blob",
    "F11",
    "F12",
    arguments=(TARGET, DIGEST, _FROM, _KEEP),
    example="mount-blob localhost:5000/demo/app sha256:44136f… --from demo/base",
)
def mount_blob(arguments: Arguments) -> Flow[str]:
    """Take a blob over from another repository of the same registry, without sending it.

    POST /v2/NAME/blobs/uploads/?mount=DIGEST&from=OTHER (end-11). 201: mounted. 202: not mounted, and an upload is
    open instead; here it is cancelled by DELETE (end-14), as skopeo does. Without `from` the registry looks itself,
    if it does.
    """
    target = arguments.target
    digest = arguments.text("digest")
    source = arguments.text("from")
    query = f"mount={digest}" + (f"&from={check_repository(source)}" if source else "")
    mounted = yield from answered(
        "mount the blob",
        request("POST", target.origin, f"/v2/{target.repository}/blobs/uploads/?{query}", body=b""),
        spec="end-11",
        why="Asks for the blob of another repository; 202 says that it was not mounted and opens an upload instead.",
        expects=(201, 202),
    )
    if mounted.response and mounted.status == 201:
        check_digest(mounted.response, digest)
        return "mounted"
    if arguments.flag("keep"):
        return "not mounted; an upload is open"
    origin, where = next_location(mounted)
    yield from answered(
        "cancel the upload",
        request("DELETE", origin, where, body=b""),
        spec="end-14",
        why="The blob was not mounted, and nothing is to be uploaded now.",
        expects=(204, 202, 200, 404, 405),
    )
    return "not mounted"
