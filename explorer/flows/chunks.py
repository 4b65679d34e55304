"""A blob chunk by chunk (distribution-spec, spec.md, "Pushing a blob in chunks")."""

from __future__ import annotations

from explorer.errors import Stuck
from explorer.flows import Flow
from explorer.flows.answers import accept, next_location, upload_after
from explorer.flows.requests import request
from explorer.flows.upload_status import ask_status
from explorer.flows.uploads import OCTETS, SENT
from explorer.model import Blob, Exchange, Origin, Step, body_part, body_size
from explorer.spec.ranges import bytes_received, content_range

_LARGEST_MINIMUM = 1024 * 1024 * 1024
_OUT_OF_STEP = 416
_MOST_QUESTIONS = 10  # as often as regclient goes on from a refused chunk


def send_chunks(opened: Exchange, blob: Blob, wanted_size: int) -> Flow[Exchange]:
    """Send a blob into an open upload, part by part; returns the exchange after which it is to be closed.

    `wanted_size` is that of a chunk in bytes, raised to the registry's OCI-Chunk-Min-Length. A chunk that is answered
    416 does not begin where the upload stands: then the registry is asked where that is (end-13), and the next chunk
    begins there. `0-0` means nothing and one byte alike: where byte 0 is refused after it, byte 1 is tried. Where it
    stands at the beginning of the chunk that was refused after such a question, Stuck is raised.
    """
    size = _chunk_size(opened, wanted_size)
    last = opened
    where, target = next_location(opened)
    offset, asked, questions, may_have_one = 0, -1, 0, False
    while offset < blob.size:
        last = yield _chunk(blob, offset, size, where, target)
        if last.status == _OUT_OF_STEP and offset == asked and may_have_one:
            offset, asked, may_have_one = 1, 1, False
            continue
        if last.status == _OUT_OF_STEP and offset != asked and questions < _MOST_QUESTIONS:
            questions += 1
            last = yield from _status(last, where, target)
            offset = asked = _stands_at(last, blob)
            may_have_one = offset == 0 and blob.size > 1 and _is_ambiguous(last)
            where, target = upload_after(last)
            continue
        accept(last, *SENT)
        where, target = next_location(last)
        offset += body_size(last.request.body)
        asked, may_have_one = -1, False
    return last


def _chunk(blob: Blob, offset: int, size: int, where: Origin, target: str) -> Step:
    part = body_part(blob.body, offset, size)
    number, count = offset // size + 1, -(-blob.size // size)
    return Step(
        f"{blob.name}: chunk {number} of {count}",
        request("PATCH", where, target, OCTETS, ("Content-Range", content_range(offset, body_size(part))), body=part),
        spec="end-5",
        why=f"Sends {body_size(part)} bytes from byte {offset}; chunks go in order, each to the newest Location.",
        expects=SENT,
    )


def _status(refused: Exchange, where: Origin, target: str) -> Flow[Exchange]:
    try:
        return (yield from ask_status(where, target))
    except Stuck as stuck:
        answer = refused.response
        status = answer.status_text if answer else ""
        raise Stuck(
            f"The chunk was answered {status}, and the registry does not tell where the upload stands: {stuck.sentence}"
        ) from stuck


def _stands_at(status: Exchange, blob: Blob) -> int:
    said = status.response.headers.get("Range") if status.response else None
    offset = bytes_received(said or "0-0") or 0
    if offset > blob.size:
        raise Stuck(f"The registry has {offset} bytes of the {blob.name}, which has only {blob.size}: cancel it.")
    return offset


def _is_ambiguous(status: Exchange) -> bool:
    said = (status.response.headers.get("Range") if status.response else None) or "0-0"
    return bytes_received(said) is None


def _chunk_size(opened: Exchange, wanted: int) -> int:
    """Return the chunk size in bytes, raised to the registry's OCI-Chunk-Min-Length where that is sane."""
    said = opened.response.headers.get("OCI-Chunk-Min-Length") if opened.response else None
    if said and said.isascii() and said.isdigit() and len(said) <= 12:
        return max(wanted, min(int(said), _LARGEST_MINIMUM))
    return wanted
