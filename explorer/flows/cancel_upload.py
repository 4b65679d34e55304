"""Give up an upload."""

from __future__ import annotations

from explorer.flows import Flow
from explorer.flows.answers import answered
from explorer.flows.declared import Arguments, flow
from explorer.flows.requests import request
from explorer.flows.upload_location import LOCATION, upload_at


@flow("cancel-upload", "F10", arguments=(LOCATION,), example="cancel-upload 'http://localhost:5000/v2/…?_state=…'")
def cancel_upload(arguments: Arguments) -> Flow[str]:
    """Give up an upload, so that the registry need not keep its bytes.

    DELETE of the upload's Location (end-14). 204: gone; every later request to it is answered 404. distribution with
    token authentication wants the action `delete` for it.
    """
    origin, target = upload_at(arguments)
    yield from answered(
        "cancel the upload",
        request("DELETE", origin, target, body=b""),
        spec="end-14",
        why="Lets the registry forget the upload and its bytes.",
        expects=(204, 202, 200),
    )
    return "the upload is cancelled"
