"""Push a whole image: each blob, then the manifests (distribution-spec, spec.md, "Push")."""

from __future__ import annotations

from explorer.flows import Flow
from explorer.flows.blob_exists import head_blob
from explorer.flows.declared import TARGET, Argument, Arguments, Kind, flow
from explorer.flows.push_blob import DEFAULT_CHUNK, Shape, push_blob, send_blob
from explorer.flows.push_manifest import push_manifest
from explorer.flows.redirected import redirected
from explorer.flows.uploads import mounted_or_opened
from explorer.formats.values import Json, blob_from_json, blob_to_json, manifest_from_json, manifest_to_json, records
from explorer.frozen import frozen
from explorer.model import Blob, FlowCall, Image
from explorer.spec.digests import parse_digest
from explorer.spec.references import Target, check_repository, parse_target

NAME = "push-image"

IMAGE = Argument("image", Kind.IMAGE, "a docker-save archive, an OCI layout, or tiny", required=True)


@frozen
class Push:
    """What to push where and how: `chunk_size` in bytes, used by the chunked shape only.

    `mount_from` is another repository of the registry that may have the blobs; with `check_first` each is asked for
    before it is sent. `like` is the name of a client to push like; it says by itself what is checked and how bytes go.
    """

    target: Target
    image: Image
    shape: Shape = Shape.STREAM
    chunk_size: int = DEFAULT_CHUNK
    check_first: bool = False
    mount_from: str = ""
    like: str = ""


def push_image(push: Push) -> Flow[object]:
    """Push an image: every blob that its manifests name, then the manifests, the one that gets the tag last.

    A registry refuses a manifest whose blobs it does not have, hence the order.
    """
    origin, repository = push.target.origin, push.target.repository
    if push.like:
        from explorer.flows.clients import client_named
        from explorer.flows.push_like import LikePush, push_like

        return (yield from push_like(LikePush(push.target, push.image, client_named(push.like), push.mount_from)))
    for blob in push.image.blobs:
        yield from _blob(push, blob)
    *children, root = push.image.manifests
    for child in children:
        yield from redirected(push_manifest(origin, repository, child, child.digest))
    yield from redirected(push_manifest(origin, repository, root, push.target.reference))
    return push.image.root.digest


def _client(name: str) -> str:
    """Return the name of a client to push like; raises InputError where there is none."""
    from explorer.flows.clients import client_named

    return client_named(name).name


def _blob(push: Push, blob: Blob) -> Flow[None]:
    origin, repository = push.target.origin, push.target.repository
    if push.check_first and (yield from head_blob(origin, repository, blob.digest, blob.name)).status != 404:
        return
    if not push.mount_from:
        yield from redirected(push_blob(origin, repository, blob, push.shape, push.chunk_size))
        return
    opened = yield from redirected(mounted_or_opened(origin, repository, blob.digest, push.mount_from, blob.name))
    if opened is not None:
        yield from redirected(send_blob(opened, blob, push.shape, push.chunk_size))


def call_of(push: Push) -> FlowCall:
    """Return the call that builds this push again, as plain JSON values."""
    arguments: dict[str, object] = {
        "target": str(push.target),
        "shape": push.shape.value,
        "chunk_size": push.chunk_size,
        "check_first": push.check_first,
        "mount_from": push.mount_from,
        "like": push.like,
        "name": push.image.name,
        "blobs": [blob_to_json(blob) for blob in push.image.blobs],
        "manifests": [manifest_to_json(manifest) for manifest in push.image.manifests],
    }
    return FlowCall(NAME, arguments)


def push_of(arguments: Json) -> Push:
    """Return the push that a call describes; raises ValueError, KeyError or InputError where it describes none."""
    image = Image(
        str(arguments["name"]),
        tuple(blob_from_json(entry) for entry in records(arguments["blobs"])),
        tuple(manifest_from_json(entry) for entry in records(arguments["manifests"])),
    )
    if not image.manifests:
        raise ValueError("a push needs at least one manifest")
    for digest in (*(blob.digest for blob in image.blobs), *(manifest.digest for manifest in image.manifests)):
        parse_digest(digest)
    target = parse_target(str(arguments["target"]), plain_http=str(arguments["target"]).startswith("http:"))
    source, like = str(arguments.get("mount_from") or ""), str(arguments.get("like") or "")
    return Push(
        target,
        image,
        Shape(str(arguments["shape"])),
        max(1, int(str(arguments["chunk_size"]))),
        bool(arguments.get("check_first")),
        check_repository(source) if source else "",
        _client(like) if like else "",
    )


@flow(
    NAME,
    "F04",
    "F05",
    "F06",
    "F07",
    "F14",
    "F15",
    arguments=(IMAGE, TARGET),
    example="push-image tiny localhost:5000/demo/app:v1",
)
def push_whole_image(arguments: Arguments) -> Flow[object]:
    """Push an image: every blob that its manifests name, then the manifests, the one that gets the tag last.

    POST (end-4a), PATCH (end-5), PUT (end-6) for each blob, in the shape that was chosen; PUT of each manifest (end-7).
    The verb `push` has all the options for it.
    """
    return push_image(push_of(arguments.values))
