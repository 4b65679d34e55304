"""Upload one blob, in one of four shapes (distribution-spec, spec.md, "Pushing blobs")."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from explorer.errors import Stuck
from explorer.flows import Flow
from explorer.flows.answers import accept, check_digest, next_location
from explorer.flows.chunks import send_chunks
from explorer.flows.requests import request
from explorer.flows.uploads import CLOSED, OCTETS, SENT, close_upload, open_upload
from explorer.model import Blob, Exchange, Origin, Slice, Step
from explorer.spec.locations import append_query

DEFAULT_CHUNK = 5 * 1024 * 1024


class Shape(StrEnum):
    """How the bytes of a blob travel."""

    STREAM = "stream"  # POST, one PATCH, PUT: as docker, skopeo and crane do
    CHUNKED = "chunked"  # POST, PATCH by PATCH with Content-Range, PUT
    PUT = "put"  # POST, then one PUT with the body: as containerd and oras do
    POST = "post"  # one POST with digest and body


def push_blob(
    origin: Origin, repository: str, blob: Blob, shape: Shape = Shape.STREAM, chunk_size: int = DEFAULT_CHUNK
) -> Flow[None]:
    """Upload one blob: open an upload, send the bytes, close it with the digest.

    Every answer with a Location gives the URL of the next request; an older one no longer holds.
    """
    if shape is Shape.POST:
        yield from _post_whole(origin, repository, blob)
    else:
        opened = yield from open_upload(origin, repository, blob.digest, blob.name)
        yield from send_blob(opened, blob, shape, chunk_size)


def send_blob(opened: Exchange, blob: Blob, shape: Shape, chunk_size: int = DEFAULT_CHUNK) -> Flow[None]:
    """Send a blob into an upload that is open, and close it; in the shape POST there is nothing left but a PUT."""
    match shape:
        case Shape.STREAM:
            sent = yield from _send(opened, blob)
            yield from close_upload(sent, blob.digest, blob.name)
        case Shape.CHUNKED:
            sent = yield from send_chunks(opened, blob, chunk_size)
            yield from close_upload(sent, blob.digest, blob.name)
        case Shape.PUT | Shape.POST:
            yield from _put_whole(opened, blob)
        case _:
            assert_never(shape)


def check_sent(sent: Exchange, blob: Blob) -> None:
    """Raise Stuck where the bytes that really left are not the blob's, before the registry finds out.

    Nothing is said of a body that was edited, or that the blob's digest cannot be compared with.
    """
    algorithm, _, expected = blob.digest.partition(":")
    if algorithm != "sha256" or not sent.sent_sha256 or sent.request.body != blob.body or sent.sent_size != blob.size:
        return
    if sent.sent_sha256 != expected:
        source = f" ({blob.body.source})" if isinstance(blob.body, Slice) and blob.body.source else ""
        raise Stuck(
            f"The bytes of the {blob.name}{source} have the digest sha256:{sent.sent_sha256}, but it goes by "
            f"{blob.digest}: the file is damaged or has a wrong name. The registry would refuse it."
        )


def _send(opened: Exchange, blob: Blob) -> Flow[Exchange]:
    where, target = next_location(opened)
    sent = yield Step(
        f"{blob.name}: send bytes",
        request("PATCH", where, target, OCTETS, body=blob.body),
        spec="end-5",
        why="Sends the whole blob to the Location of the POST; the answer has a new Location for the closing PUT.",
        expects=SENT,
    )
    accept(sent, *SENT)
    check_sent(sent, blob)
    return sent


def _put_whole(opened: Exchange, blob: Blob) -> Flow[None]:
    where, target = next_location(opened)
    closed = yield Step(
        f"{blob.name}: send and close",
        request("PUT", where, append_query(target, f"digest={blob.digest}"), OCTETS, body=blob.body),
        spec="end-6",
        why="Sends the whole blob and its digest in one request to the Location of the POST.",
        expects=CLOSED,
    )
    if closed.status not in CLOSED:
        check_sent(closed, blob)
    check_digest(accept(closed, *CLOSED), blob.digest)


def _post_whole(origin: Origin, repository: str, blob: Blob) -> Flow[None]:
    posted = yield Step(
        f"{blob.name}: post whole",
        request("POST", origin, f"/v2/{repository}/blobs/uploads/?digest={blob.digest}", OCTETS, body=blob.body),
        spec="end-4b",
        why="Sends blob and digest in one request. A registry without this answers 202 and did not use the body.",
        expects=(201, 202),
    )
    if posted.status not in (201, 202):
        check_sent(posted, blob)
    answer = accept(posted, 201, 202)
    if answer.status == 202:
        yield from _put_whole(posted, blob)
    else:
        check_digest(answer, blob.digest)
