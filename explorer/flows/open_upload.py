"""Open an upload and leave it open."""

from __future__ import annotations

from explorer.flows import Flow
from explorer.flows.answers import answered, next_location
from explorer.flows.declared import TARGET, Argument, Arguments, Kind, flow
from explorer.flows.requests import request
from explorer.spec.locations import append_query

_ALGORITHM = Argument("digest-algorithm", Kind.TEXT, "announce the digest's algorithm (end-4c), such as sha512")


@flow("open-upload", "F03", arguments=(TARGET, _ALGORITHM))
def open_upload(arguments: Arguments) -> Flow[str]:
    """Open an upload and leave it open: the first step of every push.

    POST /v2/NAME/blobs/uploads/ (end-4a); the slash at the end is needed. 202: its Location is where the bytes go. An
    upload that is left open is purged by the registry after hours or days.
    """
    target = arguments.target
    path = f"/v2/{target.repository}/blobs/uploads/"
    algorithm = arguments.text("digest-algorithm")
    opened = yield from answered(
        "open upload",
        request(
            "POST",
            target.origin,
            append_query(path, f"digest-algorithm={algorithm}") if algorithm else path,
            body=b"",
        ),
        spec="end-4c" if algorithm else "end-4a",
        why="Asks the registry for a place to send the bytes to; its Location is the URL of the next request.",
        expects=(202,),
    )
    origin, where = next_location(opened)
    return f"the upload is open at {origin}{where}"
