"""Go on with an upload that was cut off."""

from __future__ import annotations

from explorer.errors import Stuck
from explorer.flows import Flow
from explorer.flows.answers import accept, answered, check_digest, upload_after
from explorer.flows.declared import Argument, Arguments, Kind, flow
from explorer.flows.requests import request
from explorer.flows.upload_location import LOCATION, upload_at
from explorer.flows.upload_status import ask_status
from explorer.flows.uploads import CLOSED, OCTETS, SENT
from explorer.model import Blob, Exchange, Step, body_part, body_size
from explorer.spec.locations import append_query
from explorer.spec.ranges import bytes_received, content_range

_OUT_OF_STEP = 416

_FILE = Argument("file", Kind.FILE, "the whole blob, as it was being sent", required=True)


@flow("resume-upload", "F09", arguments=(LOCATION, _FILE), example="resume-upload 'http://…?_state=…' layer.tar")
def resume_upload(arguments: Arguments) -> Flow[str]:
    """Go on with an upload that was cut off.

    GET of the Location (end-13) tells how many bytes arrived; PATCH (end-5) sends the rest to the Location of that
    answer; PUT (end-6) closes with the digest. Where the Range is `0-0`, nothing or one byte may have arrived: the
    whole is sent, and where that is refused with 416, all but the first byte. A 416 to the rest is gone on from where
    its Range says the upload is; without one, that is asked again.
    """
    blob = arguments.blob("file", arguments.algorithm_of("file"))
    status = yield from ask_status(*upload_at(arguments))
    offset = bytes_received(_range_of(status)) or 0
    if offset > blob.size:
        raise Stuck(
            f"The registry has {offset} bytes, but the file has only {blob.size}: it is not this blob's upload."
        )
    last = status
    if offset < blob.size:
        last = yield _rest(status, blob, offset)
        if last.status == _OUT_OF_STEP:
            last = yield from _after_a_refusal(last, status, blob, offset)
        else:
            _check_taken(last, blob)
    origin, target = upload_after(last)
    closed = yield from answered(
        "close",
        request("PUT", origin, append_query(target, f"digest={blob.digest}"), body=b""),
        spec="end-6",
        why="Tells the registry the digest of the whole blob.",
        expects=CLOSED,
    )
    if closed.response:
        check_digest(closed.response, blob.digest)
    return blob.digest


def _after_a_refusal(refused: Exchange, status: Exchange, blob: Blob, offset: int) -> Flow[Exchange]:
    """Go on from where the upload stands after all; returns the exchange after which it can be closed.

    The 416 may say where that is. Else the registry is asked again, since it may have been still taking in what was
    under way when the upload was cut off. Raises Stuck where it stands where it was said to.
    """
    place = refused if _has_location(refused) else status
    said = bytes_received(_range_of(refused))
    if said is None and offset == 0:
        said = 1
    elif said in (None, offset):
        place = yield from ask_status(*upload_after(status))
        said = bytes_received(_range_of(place))
    if said is None or said == offset or said > blob.size:
        accept(refused, *SENT)
        return refused
    if said == blob.size:
        return place
    last = yield _rest(place, blob, said)
    _check_taken(last, blob)
    return last


def _check_taken(sent: Exchange, blob: Blob) -> None:
    try:
        accept(sent, *SENT)
    except Stuck as stuck:
        if sent.status != 404:
            raise
        raise Stuck(
            f"{stuck.sentence} A moment before, the upload was there: what was cut off may have gone through after "
            f"all. Ask by blob-exists whether {blob.digest} is there; where it is not, push again."
        ) from stuck


def _range_of(answered: Exchange) -> str:
    return (answered.response.headers.get("Range") if answered.response else None) or ""


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
            OCTETS,
            ("Content-Range", content_range(offset, body_size(rest))),
            body=rest,
        ),
        spec="end-5",
        why=f"Sends what the registry does not have yet: {body_size(rest)} bytes from byte {offset}.",
        expects=SENT,
    )
