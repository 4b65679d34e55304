"""A manifest of our own, for sources that have none: old archives of docker, loose files, the sample."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from explorer.images.diff_ids import check_layers
from explorer.images.documents import At, parse_object
from explorer.images.files import read_part
from explorer.images.making import Making
from explorer.model import Blob, Image, Manifest, Slice, body_part, sha256_of
from explorer.spec.digests import digest_of
from explorer.spec.media_types import (
    DOCKER_CONFIG,
    DOCKER_MANIFEST,
    OCI_CONFIG,
    OCI_MANIFEST,
    compression_of,
    layer_type,
)


def build(name: str, config: bytes | Slice, layers: Sequence[bytes | Slice], schema: str, making: Making) -> Image:
    """Make an image of a config and its layers; compresses and hashes what needs it; raises FormatError."""
    bodies = _sendable([config, *layers], making)
    if not making.as_is:
        at = At(config.path if isinstance(config, Slice) else name, "the config")
        raw = config if isinstance(config, bytes) else read_part(config, config.path)
        check_layers(parse_object(raw, at), layers, bodies[1:], making, at)
    oci = schema == "oci"
    config_blob = Blob(_digest(bodies[0]), OCI_CONFIG if oci else DOCKER_CONFIG, bodies[0], "config")
    layer_blobs = [
        Blob(_digest(body), layer_type(schema, compression(body)), body, f"layer {number}")
        for number, body in enumerate(bodies[1:], 1)
    ]
    media_type = OCI_MANIFEST if oci else DOCKER_MANIFEST
    content = {
        "schemaVersion": 2,
        "mediaType": media_type,
        "config": _descriptor(config_blob),
        "layers": [_descriptor(blob) for blob in layer_blobs],
    }
    return Image(name, without_repeats([*layer_blobs, config_blob]), (manifest(content, media_type),))


def without_repeats(blobs: Iterable[Blob]) -> tuple[Blob, ...]:
    """Return the blobs, each digest once, where it came first."""
    first: dict[str, Blob] = {}
    for blob in blobs:
        first.setdefault(blob.digest, blob)
    return tuple(first.values())


def manifest(content: dict[str, object], media_type: str) -> Manifest:
    """Return the manifest that says this; raises ValueError for numbers that JSON does not have."""
    body = json.dumps(content, indent=2, allow_nan=False).encode()
    return Manifest(digest_of(body), media_type, body)


def compression(body: bytes | Slice) -> str:
    """Return how a body is compressed, by its first bytes: gzip, zstd, or nothing (empty)."""
    start = body_part(body, 0, 4)
    return compression_of(start if isinstance(start, bytes) else read_part(start, start.path))


def _sendable(bodies: Sequence[bytes | Slice], making: Making) -> list[bytes | Slice]:
    """Return the bodies as they are to be sent, slices with their sha256; the first, the config, never compressed."""
    parts = {index: body for index, body in enumerate(bodies) if isinstance(body, Slice)}
    if not parts:
        return list(bodies)
    from explorer.images.hashing import compressed, with_sha256

    if making.gzip:
        plain = [index for index in parts if index > 0 and not compression(parts[index])]
        packed = compressed([parts[index] for index in plain], making.scratch, making.progress)
        parts.update(zip(plain, packed, strict=True))
    parts = dict(zip(parts, with_sha256(list(parts.values()), making.progress), strict=True))
    return [parts.get(index, body) for index, body in enumerate(bodies)]


def _digest(body: bytes | Slice) -> str:
    return f"sha256:{sha256_of(body) if isinstance(body, bytes) else body.sha256}"


def _descriptor(blob: Blob) -> dict[str, object]:
    return {"mediaType": blob.media_type, "digest": blob.digest, "size": blob.size}
