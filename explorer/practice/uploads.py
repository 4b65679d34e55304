"""The upload endpoints: open, mount, status, append, close, cancel (distribution 3, registry/handlers/blobupload.go).

The order of the checks is that of distribution, since what a wrong request is told depends on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from explorer.decoders.upload_state import UploadState
from explorer.practice.answers import answer
from explorer.practice.call import Call
from explorer.practice.digests import complaint
from explorer.practice.errors import Fault, error_body, refusal
from explorer.practice.sessions import Upload
from explorer.practice.tokens import BadToken, check, sign
from explorer.practice.urls import encode_value, is_repository
from explorer.spec.digests import ENCODED_LENGTH, parse_digest
from explorer.wire.server import BodyBroken, Outgoing

_OCTETS = "application/octet-stream"
_LONGEST_FORM = 10 * 1024 * 1024
_CLIENT_CLOSED = 499


def start(call: Call) -> Outgoing:
    """Open an upload; mount a blob of another repository, or store the body at once, where the query asks for it."""
    _let_forms_eat_the_body(call)
    mounted = _mount(call)
    if mounted:
        return mounted
    digest = call.query.get("digest", "")
    if digest and complaint(digest):
        raise refusal("DIGEST_INVALID", "digest parsing failed")
    algorithm = digest.partition(":")[0] or call.query.get("digest-algorithm", "")
    upload, started_at = call.store.uploads.begin(call.name, algorithm if algorithm in ENCODED_LENGTH else "sha256")
    if not digest:
        return answer(202, *_progress(call, upload, started_at), ("Content-Length", "0"))
    try:
        with upload.lock, _telling_who_left():
            return _close(call, upload, digest)
    except _ClientLeft:
        return _client_closed()
    finally:
        call.store.uploads.forget(upload.id)


def unknown(call: Call) -> Outgoing:  # noqa: ARG001 - an action of the table
    """Refuse what needs an upload and names none."""
    raise refusal("BLOB_UPLOAD_UNKNOWN")


def status(call: Call) -> Outgoing:
    """Say how far an upload is, with a fresh token; an old one, or none, is good enough."""
    upload = call.store.uploads.find(call.name, call.upload)
    if upload is None:
        raise _unknown_upload()
    return answer(204, *_progress(call, upload, upload.started_at))


def append(call: Call) -> Outgoing:
    """Append the body to an upload."""
    _let_forms_eat_the_body(call)
    state = _state(call)
    try:
        with _resumed(call, state) as upload, _telling_who_left():
            if call.header("Content-Type") not in ("", _OCTETS):
                raise refusal("UNKNOWN", "bad Content-Type")
            if call.header("Content-Range") and call.header("Content-Length"):
                _check_range(call.header("Content-Range"), int(call.header("Content-Length")), state.offset)
            upload.append(call.incoming.body.chunks())
            return answer(202, *_progress(call, upload, upload.started_at), ("Content-Length", "0"))
    except _ClientLeft:
        return _client_closed()


def finish(call: Call) -> Outgoing:
    """Append the body, check the digest of the whole, and make it a blob. A wrong digest leaves what was appended."""
    _let_forms_eat_the_body(call)
    state = _state(call)
    try:
        with _resumed(call, state) as upload, _telling_who_left():
            digest = call.query.get("digest", "")
            if not digest:
                raise refusal("DIGEST_INVALID", "digest missing")
            if complaint(digest):
                raise refusal("DIGEST_INVALID", "digest parsing failed")
            return _close(call, upload, digest)
    except _ClientLeft:
        return _client_closed()


def cancel(call: Call) -> Outgoing:
    """End an upload and drop what it has received."""
    with _resumed(call, _state(call)) as upload:
        call.store.uploads.forget(upload.id)
        return answer(204, ("Docker-Upload-Uuid", upload.id))


def reopen(call: Call) -> Outgoing:
    """Open a new upload where a POST goes to an old one whose token is good."""
    with _resumed(call, _state(call)):
        pass
    return start(call)


def _mount(call: Call) -> Outgoing | None:
    digest, source = call.query.get("mount", ""), call.query.get("from", "")
    if complaint(digest) or not is_repository(source) or call.store.blob_size(source, digest) is None:
        return None
    call.store.link_blob(call.name, digest)
    return _created(call, digest)


def _close(call: Call, upload: Upload, digest: str) -> Outgoing:
    upload.append(call.incoming.body.chunks())
    if upload.digest(parse_digest(digest)[0]) != digest:
        what = f"invalid digest for referenced layer: {digest}, content does not match digest"
        raise refusal("DIGEST_INVALID", what)
    call.store.commit_upload(call.name, upload.id, digest)
    return _created(call, digest)


def _created(call: Call, digest: str) -> Outgoing:
    location = ("Location", call.url(f"blobs/{digest}"))
    return answer(201, ("Content-Length", "0"), ("Docker-Content-Digest", digest), location)


def _progress(call: Call, upload: Upload, started_at: str) -> tuple[tuple[str, str], ...]:
    size = upload.size()
    if size is None:
        raise _unknown_upload()
    token = encode_value(sign(call.store.secret, call.name, upload.id, size, started_at))
    return (
        ("Docker-Upload-Uuid", upload.id),
        ("Location", call.url(f"blobs/uploads/{upload.id}?_state={token}")),
        ("Range", f"0-{max(0, size - 1)}"),
    )


def _state(call: Call) -> UploadState:
    """Return what the token says: base64, then MAC, then repository, then upload."""
    try:
        state = check(call.store.secret, call.query.get("_state", ""))
    except BadToken as bad:
        raise refusal("BLOB_UPLOAD_INVALID", bad.detail) from bad
    if state.name != call.name or state.uuid != call.upload:
        raise refusal("BLOB_UPLOAD_INVALID")
    return state


@contextmanager
def _resumed(call: Call, state: UploadState) -> Iterator[Upload]:
    """Hold the upload that a token names: it must be there, and stand where the token says."""
    upload = call.store.uploads.find(call.name, state.uuid)
    if upload is None:
        raise _unknown_upload()
    with upload.lock:
        size = upload.size()
        if size is None:
            raise _unknown_upload()
        if size != state.offset:
            raise refusal("RANGE_INVALID")
        yield upload


def _unknown_upload() -> Exception:
    return refusal("BLOB_UPLOAD_UNKNOWN", "blob upload unknown")


def _check_range(value: str, length: int, size: int) -> None:
    first, dash, last = value.partition("-")
    if not dash:
        raise refusal("UNKNOWN", f"invalid content range format, {value}")
    begin, end = _parse_int(first), _parse_int(last)
    if begin > end or begin != size:
        raise refusal("RANGE_INVALID")
    if length != end - begin + 1:
        raise refusal("SIZE_INVALID")


def _parse_int(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise refusal("UNKNOWN", f'strconv.ParseInt: parsing "{text}": invalid syntax')
    number = int(text[:40])
    if not -(2**63) <= number < 2**63:
        raise refusal("UNKNOWN", f'strconv.ParseInt: parsing "{text}": value out of range')
    return number


def _let_forms_eat_the_body(call: Call) -> None:
    """Read away a body that is declared a form, as Go does while it looks for `_state` and `digest` in it."""
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


def _client_closed() -> Outgoing:
    body = error_body(Fault("UNKNOWN", "client disconnected"))
    said = answer(_CLIENT_CLOSED, ("Content-Type", "text/plain; charset=utf-8"), body=body)
    return Outgoing(said.status, said.headers, said.body, "status code 499")
