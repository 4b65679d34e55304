"""Take a blob over from another repository of the same registry."""

from __future__ import annotations

from dataclasses import replace

from explorer.errors import InputError
from explorer.flows import Flow
from explorer.flows.answers import accept, answered, check_digest, next_location
from explorer.flows.declared import DIGEST, TARGET, Argument, Arguments, Kind, flow
from explorer.flows.push_blob import Shape, send_blob
from explorer.flows.redirected import redirected
from explorer.flows.requests import request
from explorer.flows.uploads import mount_step
from explorer.model import Blob
from explorer.spec.digests import parse_digest
from explorer.spec.references import check_repository

_FROM = Argument("from", Kind.TEXT, "the repository that has it; without it the mount is anonymous")
_FILE = Argument("file", Kind.FILES, "the blob's bytes, to be sent where it is not mounted")
_KEEP = Argument("keep", Kind.FLAG, "where the blob is not mounted, leave the upload open that was opened instead")


@flow(
    "mount-blob",
    "F11",
    "F12",
    arguments=(TARGET, DIGEST, _FROM, _FILE, _KEEP),
    example="mount-blob localhost:5000/demo/app sha256:44136f… --from demo/base",
)
def mount_blob(arguments: Arguments) -> Flow[str]:
    """Take a blob over from another repository of the same registry, without sending it.

    POST /v2/NAME/blobs/uploads/?mount=DIGEST&from=OTHER (end-11). 201: mounted. 202: not mounted, and an upload is open
    instead; with `file` the bytes go into it, by PATCH (end-5) and PUT (end-6), as containerd and docker do; without,
    it is cancelled by DELETE (end-14), as skopeo does. Without `from` the registry looks itself, if it does.
    """
    target = arguments.target
    digest = arguments.text("digest")
    parse_digest(digest)
    source = arguments.text("from")
    if source:
        check_repository(source)
    blob = _blob(arguments, digest)
    mounted = yield mount_step(target.origin, target.repository, digest, source, "blob")
    answer = accept(mounted, 201, 202)
    if answer.status == 201:
        check_digest(answer, digest)
        return "mounted"
    if blob is not None:
        yield from redirected(send_blob(mounted, blob, Shape.STREAM))
        return "not mounted, but sent"
    if arguments.flag("keep"):
        return "not mounted; an upload is open"
    origin, where = next_location(mounted)
    yield from answered(
        "cancel the upload",
        request("DELETE", origin, where, body=b""),
        spec="end-14",
        why="The blob was not mounted, and nothing is to be uploaded now.",
        expects=(204, 202, 200, 400, 401, 403, 404, 405),
    )
    return "not mounted"


def _blob(arguments: Arguments, digest: str) -> Blob | None:
    """Return the bytes that were given for the blob; raises InputError where they are others."""
    given = arguments.files("file", digest.partition(":")[0])
    if not given:
        return None
    if len(given) > 1 or given[0].digest != digest:
        found = ", ".join(blob.digest for blob in given)
        raise InputError(f"--file takes the bytes of {digest}, and what was given has {found}.")
    return replace(given[0], name="blob")
