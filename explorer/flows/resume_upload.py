"""Go on with an upload that was cut off."""

from __future__ import annotations

from explorer.errors import Stuck
from explorer.flows import Flow
from explorer.flows.answers import accept, answered, check_digest, upload_after
from explorer.flows.declared import Argument, Arguments, Kind, flow
from explorer.flows.requests import request
from explorer.flows.upload_location import LOCATION, upload_at
from explorer.flows.upload_status import ask_status
from explorer.model import Blob, Exchange, Step, body_part, body_size
from explorer.spec.locations import append_query
from explorer.spec.media_types import OCTET_STREAM
from explorer.spec.ranges import bytes_received, content_range

_FILE = Argument("file", Kind.FILE, "the whole blob, as it was being sent", required=True)


@flow("resume-upload", "F09", arguments=(LOCATION, _FILE), example="resume-upload 'http://…?_state=…' layer.tar")
def resume_upload(arguments: Arguments) -> Flow[str]:
    """Go on with an upload that was cut off.

    GET of the Location (end-13) tells how many bytes arrived; PATCH (end-5) sends the rest to the Location of that
    answer; PUT (end-6) closes with the digest. Where the Range is `0-0`, nothing or one byte may have arrived: the
    whole is sent, and where that is refused with 416, all but the first byte. A 416 that says itself in Range how far
    the upload is, is gone on from there.
    """
    blob = arguments.blob("file", arguments.algorithm_of("file"))
    status = yield from ask_status(*upload_at(arguments))
    offset = bytes_received((status.response.headers.get("Range") if status.response else None) or "0-0") or 0
    if offset > blob.size:
        raise Stuck(
            f"The registry has {offset} bytes, but the file has only {blob.size}: it is not this blob's upload."
        )
    last = status
    if offset < blob.size:
        last = yield _rest(status, blob, offset)
        if last.status == 416:
            said = bytes_received((last.response.headers.get("Range") if last.response else None) or "")
            again = said if said is not None and said != offset else 1 if offset == 0 else offset
            if again != offset and again <= blob.size:
                last = yield _rest(last if _has_location(last) else status, blob, again)
        accept(last, 202, 201, 204, 200)
    origin, target = upload_after(last)
    closed = yield from answered(
        "close",
        request("PUT", origin, append_query(target, f"digest={blob.digest}"), body=b""),
        spec="end-6",
        why="Tells the registry the digest of the whole blob.",
        expects=(201, 204, 200, 202),
    )
    if closed.response:
        check_digest(closed.response, blob.digest)
    return blob.digest


def _has_location(answered: Exchange) -> bool:
    return bool(answered.response and answered.response.headers.get("Location"))


def _rest(status: Exchange, blob: Blob, offset: int) -> Step:
    origin, target = upload_after(status)
    rest = body_part(blob.body, offset, blob.size - offset)
    return Step(
        f"send the bytes from {offset}",
        request(
            "PATCH",
            origin,
            target,
            ("Content-Type", OCTET_STREAM),
            ("Content-Range", content_range(offset, body_size(rest))),
            body=rest,
        ),
        spec="end-5",
        why=f"Sends what the registry does not have yet: {body_size(rest)} bytes from byte {offset}.",
        expects=(202, 201, 204, 200),
    )
