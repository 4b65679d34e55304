"""OCI layouts that are made for tests."""

from __future__ import annotations

import gzip
import io
import json
import random
import secrets
import tarfile
from pathlib import Path

from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_CONFIG, OCI_INDEX, OCI_LAYER, OCI_MANIFEST

Json = dict[str, object]


def keep(folder: Path, data: bytes, media_type: str, **more: object) -> Json:
    """Write a blob, and return its descriptor."""
    path = folder / "blobs" / digest_of(data).replace(":", "/")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return {"mediaType": media_type, "digest": digest_of(data), "size": len(data), **more}


def layer_of(seed: int, size: int = 200_000) -> bytes:
    """Return a tar of one file with bytes that do not compress."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo(f"file-{seed}")
        entry.size = size
        tar.addfile(entry, io.BytesIO(random.Random(seed).randbytes(size)))
    return archive.getvalue()


def image(folder: Path, platform: str, *tars: bytes) -> Json:
    """Write an image of gzip layers, and return the descriptor of its manifest."""
    os, architecture, *variant = platform.split("/")
    about = {"os": os, "architecture": architecture, **({"variant": variant[0]} if variant else {})}
    rootfs = {"type": "layers", "diff_ids": [digest_of(tar) for tar in tars]}
    config = json.dumps({**about, "config": {}, "rootfs": rootfs}).encode()
    parts = {
        "config": keep(folder, config, OCI_CONFIG),
        "layers": [keep(folder, gzip.compress(tar, mtime=0), f"{OCI_LAYER}+gzip") for tar in tars],
    }
    manifest = json.dumps({"schemaVersion": 2, "mediaType": OCI_MANIFEST, **parts}).encode()
    return keep(folder, manifest, OCI_MANIFEST, platform=about)


def multi_platform_layout(folder: Path, *platforms: str) -> str:
    """Write a layout with an image for each platform, which share a layer; return the digest of its index."""
    shared = layer_of(0)
    children = [image(folder, each, shared, layer_of(number)) for number, each in enumerate(platforms, 1)]
    index = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": children}).encode()
    root = keep(folder, index, OCI_INDEX, annotations={"org.opencontainers.image.ref.name": "v1"})
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [root]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    return digest_of(index)


def blobs_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a layout's blobs, by its place."""
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in (folder / "blobs").rglob("*") if path.is_file()
    }


def fresh_layout(folder: Path, layers: int) -> None:
    """Write a layout of one image, latest, with content that nothing on this machine has seen.

    skopeo keeps by host, port and digest where it has seen a blob, and tries a mount from there.
    """
    tars = [layer_of(secrets.randbits(64)) for _ in range(layers)]
    root = image(folder, "linux/amd64", *tars)
    root["annotations"] = {"org.opencontainers.image.ref.name": "latest"}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [root]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
