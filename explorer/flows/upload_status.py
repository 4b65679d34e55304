"""How far is an upload?"""

from __future__ import annotations

from explorer.flows import Flow
from explorer.flows.answers import answered
from explorer.flows.declared import Arguments, flow
from explorer.flows.requests import request
from explorer.flows.upload_location import LOCATION, upload_at
from explorer.model import Exchange, Origin


def ask_status(origin: Origin, where: str) -> Flow[Exchange]:
    """Ask an upload how far it is."""
    return (
        yield from answered(
            "ask how far the upload is",
            request("GET", origin, where),
            spec="end-13",
            why="Its Range says how many bytes the registry has; its Location is the one to go on with.",
            expects=(204, 200),
        )
    )


@flow("upload-status", "F08", arguments=(LOCATION,), example="upload-status 'http://localhost:5000/v2/…?_state=…'")
def upload_status(arguments: Arguments) -> Flow[str]:
    """Ask how far an upload is.

    GET of the upload's Location (end-13). 204 with `Range: 0-LAST`. `0-0` means nothing yet and one byte alike.
    404: the upload is done, cancelled or purged. distribution 2 wants the newest Location, distribution 3 takes
    any.
    """
    status = yield from ask_status(*upload_at(arguments))
    said = status.response.headers.get("Range") if status.response else None
    return f"the registry has the bytes {said}" if said else "the answer has no Range"
