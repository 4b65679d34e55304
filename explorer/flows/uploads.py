"""The ends of an upload, which every shape has in common: opened by POST or by a mount, closed by PUT."""

from __future__ import annotations

from explorer.flows import Flow
from explorer.flows.answers import accept, check_digest, upload_after
from explorer.flows.requests import request
from explorer.model import Exchange, Origin, Step
from explorer.spec.locations import append_query
from explorer.spec.media_types import OCTET_STREAM

OCTETS = ("Content-Type", OCTET_STREAM)
CLOSED = (201, 204, 200, 202)
"""What registries answer to a closing PUT, the specification's own first."""

SENT = (202, 201, 204, 200)
"""What registries answer to a PATCH, the specification's own first."""

NOT_MOUNTED = (400, 401, 403, 404, 405)
"""How a mount is refused; clients go on without it (go-containerregistry #1404)."""


def open_upload(origin: Origin, repository: str, digest: str, name: str) -> Flow[Exchange]:
    """Open an upload; the algorithm of the digest is announced where it is not sha256 (end-4c)."""
    algorithm = digest.partition(":")[0]
    announced = "" if algorithm == "sha256" else f"?digest-algorithm={algorithm}"
    opened = yield Step(
        f"{name}: open upload",
        request("POST", origin, f"/v2/{repository}/blobs/uploads/{announced}", body=b""),
        spec="end-4c" if announced else "end-4a",
        why="Asks the registry for a place to send the bytes to; its Location is the URL of the next request.",
        expects=(202,),
    )
    accept(opened, 202)
    return opened


def close_upload(sent: Exchange, digest: str, name: str) -> Flow[None]:
    """Close an upload whose bytes are all there."""
    where, target = upload_after(sent)
    closed = yield Step(
        f"{name}: close",
        request("PUT", where, append_query(target, f"digest={digest}"), body=b""),
        spec="end-6",
        why="Tells the registry the digest of all bytes sent, so that it can check them and keep the blob.",
        expects=CLOSED,
    )
    check_digest(accept(closed, *CLOSED), digest)


def mount_step(origin: Origin, repository: str, digest: str, source: str, name: str) -> Step:
    """Return the step that asks for a blob of another repository; with no source, wherever the registry has it."""
    query = f"mount={digest}" + (f"&from={source}" if source else "")
    return Step(
        f"{name}: mount",
        request("POST", origin, f"/v2/{repository}/blobs/uploads/?{query}", body=b""),
        spec="end-11",
        why="Asks for the blob of another repository; 202 says that it was not mounted and opens an upload instead.",
        expects=(201, 202),
    )


def mounted_or_opened(origin: Origin, repository: str, digest: str, source: str, name: str) -> Flow[Exchange | None]:
    """Mount a blob and return None, or return the exchange that opened an upload for it, since it was not mounted."""
    asked = yield mount_step(origin, repository, digest, source, name)
    if asked.status in NOT_MOUNTED:
        return (yield from open_upload(origin, repository, digest, name))
    answer = accept(asked, 201, 202)
    if answer.status == 202:
        return asked
    check_digest(answer, digest)
    return None
