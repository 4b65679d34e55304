"""Upload one file as a blob."""

from __future__ import annotations

from dataclasses import replace

from explorer.errors import InputError
from explorer.flows import Flow
from explorer.flows.blob_exists import head_blob
from explorer.flows.declared import TARGET, Argument, Arguments, Kind, flow
from explorer.flows.push_blob import DEFAULT_CHUNK, Shape, push_blob
from explorer.flows.redirected import redirected

_FILE = Argument("file", Kind.FILE, "the file whose bytes are the blob", required=True)
_SHAPE = Argument(
    "shape", Kind.TEXT, "how the bytes travel", default="stream", choices=tuple(shape.value for shape in Shape)
)
_CHUNK = Argument("chunk-size", Kind.NUMBER, "bytes of a chunk", default=DEFAULT_CHUNK)
_ALGORITHM = Argument("algorithm", Kind.TEXT, "of the digest", default="sha256", choices=("sha256", "sha512"))
_HEAD = Argument("head-first", Kind.FLAG, "ask first whether the blob is there, as clients do")


@flow(
    "push-blob",
    "F04",
    "F05",
    "F06",
    "F07",
    arguments=(TARGET, _FILE, _SHAPE, _CHUNK, _ALGORITHM, _HEAD),
    example="push-blob localhost:5000/demo/app layer.tar.gz --shape chunked --chunk-size 1000000",
)
def push_one_blob(arguments: Arguments) -> Flow[str]:
    """Upload one file as a blob, in one of four shapes.

    stream: POST (end-4a), one PATCH (end-5), PUT (end-6). chunked: PATCH by PATCH with Content-Range. put: POST,
    then a PUT with the body. post: one POST with digest and body (end-4b).
    """
    target = arguments.target
    blob = replace(arguments.blob("file", arguments.text("algorithm")), name="blob")
    chunk = arguments.number("chunk-size")
    if chunk is None or chunk < 1:
        raise InputError(f"A chunk has at least one byte; {chunk} is no size.")
    if arguments.flag("head-first"):
        found = yield from head_blob(target.origin, target.repository, blob.digest)
        if found.status == 200:
            return f"{blob.digest} was there already"
    yield from redirected(push_blob(target.origin, target.repository, blob, Shape(arguments.text("shape")), chunk))
    return blob.digest
