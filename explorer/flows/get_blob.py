"""Get a blob, or a part of it."""

from __future__ import annotations

from explorer.flows import Flow
from explorer.flows.answers import answered
from explorer.flows.declared import DIGEST, NS, TARGET, Argument, Arguments, Kind, flow
from explorer.flows.mirrors import stands_for, through
from explorer.flows.redirected import redirected
from explorer.flows.requests import request

_RANGE = Argument("range", Kind.TEXT, "only these bytes, both inclusive: 0-99, 100- or -100")
_IF_NONE_MATCH = Argument("if-none-match", Kind.TEXT, "an ETag that is had already; 304 where it still holds")


@flow(
    "get-blob",
    "F13",
    "F26",
    arguments=(TARGET, DIGEST, _RANGE, _IF_NONE_MATCH, NS),
    example="get-blob localhost:5000/demo/app sha256:44136f… --range 0-99",
)
def get_blob(arguments: Arguments) -> Flow[str]:
    """Get a blob, or a part of it.

    GET /v2/NAME/blobs/DIGEST (end-2). 200 with all bytes; 206 and Content-Range with a part; 416 where there is no such
    part. 307: the bytes lie in another storage, asked in a step of its own and without the registry's credentials.
    """
    target = arguments.target
    path = f"/v2/{target.repository}/blobs/{arguments.text('digest')}"
    headers = []
    if part := arguments.text("range"):
        headers.append(("Range", f"bytes={part}"))
    if known := arguments.text("if-none-match"):
        headers.append(("If-None-Match", known))
    got = yield from redirected(
        answered(
            "get the blob",
            request("GET", target.origin, through(path, arguments.text("ns")), *headers),
            spec="end-2",
            why="The bytes of the blob; hash them to know that they are the right ones.",
            expects=(200, 206, 304) if headers else (200,),
        )
    )
    return ("not changed" if got.status == 304 else "got it") + stands_for(got)
