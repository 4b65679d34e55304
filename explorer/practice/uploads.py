"""The upload endpoints: open, mount, status, append, close, cancel.

The order of the checks is that of distribution (handlers/blobupload.go): what a wrong request is told depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from explorer.practice.answers import answer
from explorer.practice.call import Call
from explorer.practice.digests import complaint
from explorer.practice.errors import Fault, Refusal, refusal
from explorer.practice.mounting import mount
from explorer.practice.ranges import check_length, check_range, first_byte, overlap
from explorer.practice.sessions import Upload
from explorer.practice.upload_state import check_offset, read_state, signed_location
from explorer.spec.digests import ENCODED_LENGTH, parse_digest
from explorer.wire.server import BodyBroken, Outgoing

_OCTETS = "application/octet-stream"
_LONGEST_FORM = 10 * 1024 * 1024
_CLIENT_CLOSED = 499

Pairs = tuple[tuple[str, str], ...]


def start(call: Call) -> Outgoing:
    """Open an upload; mount a blob of another repository, or store the body at once, where the query asks for it."""
    manner = call.manner.uploads
    _let_forms_eat_the_body(call)
    if mount(call):
        return _created(call, call.query["mount"])
    digest = call.query.get("digest", "") if manner.single_post else ""
    if digest and complaint(digest):
        raise _unparsable(digest)
    algorithm = digest.partition(":")[0] or call.query.get("digest-algorithm", "")
    if manner.algorithms and algorithm and algorithm not in ENCODED_LENGTH:
        raise refusal("algorithm-unknown", f"'{algorithm}' is not known here; sha256 and sha512 are")
    chosen = algorithm if algorithm in ENCODED_LENGTH else "sha256"
    upload, started_at = call.store.uploads.begin(call.name, chosen, manner.new_id)
    if not digest:
        least = (("OCI-Chunk-Min-Length", str(manner.chunk_min)),) if manner.chunk_min and manner.announces_min else ()
        return answer(202, *progress(call, "POST", upload, started_at), *least, ("Content-Length", "0"))
    try:
        with upload.lock, _telling_who_left():
            return _close(call, upload, digest)
    except _ClientLeft:
        return _client_closed(call)
    finally:
        call.store.uploads.forget(upload.id)


def unknown(call: Call) -> Outgoing:  # noqa: ARG001 - an action of the table
    """Refuse what needs an upload and names none."""
    raise refusal("upload-unknown")


def status(call: Call) -> Outgoing:
    """Say how far an upload is, with a fresh Location; an old one, or none, is good enough."""
    manner = call.manner.uploads
    if manner.status_wants_state:
        with _resumed(call) as upload:
            return answer(204, *progress(call, "GET", upload, upload.started_at))
    found = call.store.uploads.find(call.name, call.upload)
    if found is None:
        raise unknown_upload()
    said = progress(call, "GET", found, found.started_at)
    return answer(204, *(pair for pair in said if manner.status_location or pair[0] != "Location"))


def append(call: Call) -> Outgoing:
    """Append the body to an upload."""
    _let_forms_eat_the_body(call)
    try:
        with _resumed(call) as upload, _telling_who_left():
            _check_type(call)
            begin = upload.size() or 0
            trimmed = overlap(call, begin)
            if call.manner.uploads.patch_range:
                _check_chunk(call, upload, begin, trimmed)
            upload.append(_behind(trimmed, call.incoming.body.chunks()))
            if call.manner.uploads.patch_range:
                check_length(call, upload, begin, trimmed)
            upload.first = upload.first or upload.size() or 0
            least = call.manner.uploads.chunk_min
            upload.ends_short = (upload.size() or 0) - begin < least
            said = progress(call, "PATCH", upload, upload.started_at)
            return answer(call.manner.uploads.patch_status, *said, ("Content-Length", "0"))
    except _ClientLeft:
        return _client_closed(call)


def finish(call: Call) -> Outgoing:
    """Append the body, check the digest of the whole, and make it a blob. A wrong digest leaves what was appended."""
    _let_forms_eat_the_body(call)
    try:
        with _resumed(call) as upload, _telling_who_left():
            digest = call.query.get("digest", "")
            if not digest:
                raise refusal("digest-missing", "digest missing")
            if complaint(digest):
                raise _unparsable(digest)
            begin = upload.size() or 0
            trimmed = overlap(call, begin)
            if call.manner.uploads.put_range:
                _check_chunk(call, upload, begin, trimmed, is_last=True)
            return _close(call, upload, digest, begin, trimmed)
    except _ClientLeft:
        return _client_closed(call)


def cancel(call: Call) -> Outgoing:
    """End an upload and drop what it has received."""
    with _resumed(call) as upload:
        call.store.uploads.forget(upload.id)
        name = call.manner.uploads.id_header
        return answer(204, *(((name, upload.id),) if name else ()))


def reopen(call: Call) -> Outgoing:
    """Open a new upload where a POST goes to an old one whose state is good."""
    with _resumed(call):
        pass
    return start(call)


def progress(call: Call, verb: str, upload: Upload, started_at: str) -> Pairs:
    """Return the headers that say how far an upload is, after a POST, a PATCH or a GET, and where to go on."""
    size = upload.size()
    if size is None:
        raise unknown_upload()
    manner = call.manner.uploads
    named = ((manner.id_header, upload.id),) if manner.id_header and (manner.id_on_post or verb != "POST") else ()
    return (
        *named,
        ("Location", signed_location(call, upload.id, size, started_at)),
        ("Range", manner.range_of(verb, size, upload.first)),
    )


@contextmanager
def _resumed(call: Call) -> Iterator[Upload]:
    """Hold the upload that a path and its state name: it must be there, and stand where the state says."""
    state = read_state(call) if call.manner.uploads.has_state else None
    upload = call.store.uploads.find(call.name, call.upload)
    if upload is None:
        raise unknown_upload()
    with upload.lock:
        size = upload.size()
        if size is None:
            raise unknown_upload()
        if state is not None:
            check_offset(state, size, _where(call, upload))
        yield upload


def _where(call: Call, upload: Upload) -> Pairs:
    """Return Location and Range for a 416, which say how to go on."""
    if not call.manner.uploads.refused_location:
        return ()
    return tuple(pair for pair in progress(call, "GET", upload, upload.started_at) if pair[0] in ("Location", "Range"))


def _behind(count: int, blocks: Iterator[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    """Yield what comes behind the first bytes."""
    for block in blocks:
        if len(block) > count:
            yield block[count:]
        count = max(0, count - len(block))


def _check_chunk(call: Call, upload: Upload, begin: int, trimmed: int, *, is_last: bool = False) -> None:
    """See that the chunk follows what is there, and that none was too small before it."""
    if call.header("Content-Range"):
        check_range(call, first_byte(call) if trimmed else begin, _where(call, upload))
    least = call.manner.uploads.chunk_min
    if least and upload.ends_short and not is_last:
        why = f"the chunk before this one had fewer than {least} bytes (OCI-Chunk-Min-Length); only the last one may"
        raise refusal("chunk-too-small", why)


def _check_type(call: Call) -> None:
    if call.manner.uploads.octets_only and call.header("Content-Type") not in ("", _OCTETS):
        raise refusal("content-type-wrong", "bad Content-Type", struct={})


def _close(call: Call, upload: Upload, digest: str, begin: int = 0, trimmed: int = 0) -> Outgoing:
    upload.append(_behind(trimmed, call.incoming.body.chunks()))
    if call.manner.uploads.put_range:
        check_length(call, upload, begin, trimmed)
    found = upload.digest(parse_digest(digest)[0])
    if found != digest:
        text = f"invalid digest for referenced layer: {digest}, content does not match digest"
        help = f"{text}; the {upload.size()} bytes that came have {found}"
        raise refusal("digest-mismatch", help, text, {"Digest": digest, "Reason": {}})
    kept_as = upload.digest("sha256") if call.manner.sha256_canonical else digest
    call.store.commit_upload(call.name, upload.id, kept_as, digest)
    return _created(call, kept_as)


def _created(call: Call, digest: str) -> Outgoing:
    location = (("Location", call.url(f"blobs/{digest}")),) if call.manner.uploads.created_location else ()
    return answer(201, ("Content-Length", "0"), ("Docker-Content-Digest", digest), *location)


def unknown_upload() -> Exception:
    """Return what an upload that is not there is told."""
    return refusal("upload-unknown", "blob upload unknown", struct={})


def _unparsable(digest: str) -> Exception:
    return refusal("digest-unparsable", f"digest parsing failed: {complaint(digest)}", "digest parsing failed")


def _let_forms_eat_the_body(call: Call) -> None:
    """Read away a body that is declared a form, as Go does while it looks for `_state` and `digest` in it."""
    if not call.manner.uploads.forms_eat:
        return
    kind, _, parameters = call.header("Content-Type").lower().partition(";")
    if kind.strip() == "application/x-www-form-urlencoded":
        call.incoming.body.discard(_LONGEST_FORM)
    elif kind.strip() == "multipart/form-data" and "boundary=" in parameters:
        for _ in call.incoming.body.chunks():
            pass


class _ClientLeft(Exception):
    """The client closed its side within the body; what came before that is kept."""


@contextmanager
def _telling_who_left() -> Iterator[None]:
    try:
        yield
    except BodyBroken as broken:
        if broken.kind == "closed":
            raise _ClientLeft from broken
        raise


def _client_closed(call: Call) -> Outgoing:
    body = call.manner.errors.body(Refusal(Fault("unknown", "client disconnected", struct={})))
    said = answer(_CLIENT_CLOSED, ("Content-Type", "text/plain; charset=utf-8"), body=body)
    return Outgoing(said.status, said.headers, said.body, "status code 499")
