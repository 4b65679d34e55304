"""Where an upload is addressed, and the signed `_state` of its Location, checked as distribution checks it."""

from __future__ import annotations

from explorer.decoders.upload_state import UploadState
from explorer.practice.call import Call
from explorer.practice.errors import refusal
from explorer.practice.tokens import BadToken, check, sign
from explorer.practice.urls import encode_value


def signed_location(call: Call, id: str, size: int, started_at: str) -> str:
    """Return the address of an upload as it stands."""
    manner = call.manner.uploads
    address = call.address(manner.path.format(name=call.name, id=id))
    if not manner.has_state:
        return f"{address}?{manner.query.rstrip('&')}" if manner.query else address
    token = encode_value(sign(call.store.secret, call.name, id, size, started_at))
    return f"{address}?{manner.query}_state={token}"


def read_state(call: Call) -> UploadState:
    """Return what the token says: base64, then MAC, then repository, then upload."""
    try:
        state = check(call.store.secret, call.query.get("_state", ""))
    except BadToken as bad:
        raise refusal("upload-state", bad.detail, struct=bad.struct) from bad
    if state.name != call.name or state.uuid != call.upload:
        what = f"the _state is that of upload {state.uuid} in {state.name}"
        raise refusal("upload-other", what, None)
    return state


def check_offset(state: UploadState, size: int, where: tuple[tuple[str, str], ...]) -> None:
    """See that a token is the newest one of its upload; `where` goes with the refusal."""
    if size != state.offset:
        what = f"the _state is of {state.offset} bytes, and the upload has {size}: use the newest Location"
        raise refusal("upload-offset", what, None, headers=where)
