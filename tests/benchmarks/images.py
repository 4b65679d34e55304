"""Images to push: OCI layouts with layers of random bytes, made once a run."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.bench import MIB, Bench

_TYPE = "application/vnd.oci.image."


@dataclass(frozen=True, slots=True)
class Layout:
    """An OCI layout: its folder, and the file and the digest of its first layer."""

    folder: Path
    layer: Path
    digest: str


def layout(bench: Bench, size: int, count: int = 1) -> Layout:
    """Return a layout of so many layers of so many bytes each, in plain tar's media type."""
    folder = bench.folder / f"layout-{count}-{size}"
    blobs = folder / "blobs" / "sha256"
    if not blobs.exists():
        blobs.mkdir(parents=True)
        _make(folder, blobs, [_random_blob(blobs, size) for _ in range(count)], size)
    manifest = json.loads((folder / "first.json").read_text())
    return Layout(folder, blobs / manifest["first"], f"sha256:{manifest['first']}")


def _random_blob(blobs: Path, size: int) -> str:
    digest = hashlib.sha256()
    made = blobs / "made"
    with made.open("wb") as file:
        for at in range(0, size, MIB):
            block = os.urandom(min(MIB, size - at))
            digest.update(block)
            file.write(block)
    made.rename(blobs / digest.hexdigest())
    return digest.hexdigest()


def _make(folder: Path, blobs: Path, layers: list[str], size: int) -> None:
    def described(kind: str, digest: str, length: int) -> dict[str, object]:
        return {"mediaType": _TYPE + kind, "digest": f"sha256:{digest}", "size": length}

    def document(kind: str, content: object) -> dict[str, object]:
        body = json.dumps(content).encode()
        digest = hashlib.sha256(body).hexdigest()
        (blobs / digest).write_bytes(body)
        return described(kind, digest, len(body))

    listed = [f"sha256:{layer}" for layer in layers]
    config = document(
        "config.v1+json",
        {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": listed}},
    )
    named = [described("layer.v1.tar", layer, size) for layer in layers]
    kind = "manifest.v1+json"
    manifest = document(kind, {"schemaVersion": 2, "mediaType": _TYPE + kind, "config": config, "layers": named})
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [manifest]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    (folder / "first.json").write_text(json.dumps({"first": layers[0]}))
