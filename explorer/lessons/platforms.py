"""The lesson of images for several platforms."""

from __future__ import annotations

import json

from explorer.lessons.classroom import LAYER, Classroom, config, descriptor, manifest
from explorer.lessons.declared import Ask, Do, Lesson, Say, lesson
from explorer.lessons.preparing import push_quietly
from explorer.lessons.questions import choice, code, header, named_header, status
from explorer.model import Exchange
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_INDEX, OCI_MANIFEST

_NAME = "lesson/multi"
_PLATFORMS = ("amd64", "arm64")


def _count(exchange: Exchange) -> str:
    body = exchange.response.body if exchange.response and isinstance(exchange.response.body, bytes) else b""
    try:
        listed = json.loads(body).get("manifests", [])
    except (ValueError, AttributeError):
        listed = []
    return str(len(listed))


@lesson(
    "many-platforms",
    6,
    "One name, many platforms",
    "An index is a manifest that names manifests, one for each platform.",
    "Children are pushed first, by their digests; the index last, and it alone gets the tag.",
    "Accept says which types the client can read; who pulls an image of several platforms has to name the index's "
    "type.",
    "The bytes of a manifest decide its digest: an index is pulled as it was pushed.",
)
def teach(room: Classroom) -> Lesson:
    """Push an image for two platforms under one tag, and pull it again."""
    images = {architecture: manifest(config(architecture)) for architecture in _PLATFORMS}
    index = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": OCI_INDEX,
            "manifests": [
                descriptor(OCI_MANIFEST, image, platform={"architecture": architecture, "os": "linux"})
                for architecture, image in images.items()
            ],
        },
        indent=2,
    ).encode()
    yield Say(
        "docker pull of one name gives other bytes on an ARM machine than on a PC. That is done by an index: a list of "
        "manifests, each with its platform. The blobs of two images are uploaded first."
    )
    yield from push_quietly(room, _NAME, LAYER, "the layer, which both share")
    for architecture in _PLATFORMS:
        yield from push_quietly(room, _NAME, config(architecture), f"the config for {architecture}")
    yield Ask(
        room.put_manifest(_NAME, "v1", index, OCI_INDEX),
        "Suppose that the index comes first. Its children have not been pushed.",
        code("MANIFEST_UNKNOWN", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID", "NAME_UNKNOWN"),
        "The code speaks of a blob, and means the child. What an index names is pushed before it, since a registry may "
        "refuse it otherwise, as most do.",
    )
    first = images[_PLATFORMS[0]]
    yield Ask(
        room.put_manifest(_NAME, digest_of(first), first),
        "So the children go first. They need no tag: the address is the digest of the manifest's bytes.",
        named_header(
            "Docker-Content-Digest",
            {
                digest_of(first): "the digest of these bytes",
                digest_of(index): "the digest of the index",
                digest_of(LAYER): "the digest of the layer",
            },
        ),
        "The digest of exactly these bytes. If it were another one than the address names, the answer would be 400.",
    )
    second = images[_PLATFORMS[1]]
    yield Do(room.put_manifest(_NAME, digest_of(second), second), "The second child, for arm64.")
    yield Ask(
        room.put_manifest(_NAME, "v1", index, OCI_INDEX),
        "The index again; its Content-Type says that it is one.",
        status(200, 201, 202, 400),
        "201. The tag v1 names the index.",
    )
    yield Ask(
        room.get_manifest(_NAME, "v1", f"{OCI_INDEX}, {OCI_MANIFEST}"),
        "A client asks for v1, and says in Accept that it can read an index.",
        choice("How many manifests will the body name?", _count, "0", "1", "2"),
        "The client picks the one for its own platform, and asks for that by its digest.",
    )
    yield Ask(
        room.get_manifest(_NAME, digest_of(second), OCI_MANIFEST),
        "That is the second request of every pull of such an image: the child for arm64.",
        header("Content-Type", OCI_INDEX, OCI_MANIFEST, "application/json"),
        "The type that it was pushed with. From here on it is a pull as any other: config, then layers.",
    )
