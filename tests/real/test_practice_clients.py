"""skopeo and the practice registry: images of several platforms, side by side, and through every personality."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from explorer.practice import PracticeRegistry, personalities
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_CONFIG, OCI_INDEX, OCI_LAYER, OCI_MANIFEST
from tests.real.conftest import Skopeo

PLATFORMS = (("linux", "amd64"), ("linux", "arm64"), ("linux", "s390x"), ("windows", "amd64"))


def layer(content: bytes) -> tuple[bytes, str]:
    """Return a gzip layer with one file, and the digest of the tar in it."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo("content")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(archive.getvalue(), mtime=0), digest_of(archive.getvalue())


def write_layout(folder: Path, name: str) -> str:
    """Write an OCI layout of an image of several platforms, which share a layer; return the digest of its index."""
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def kept(data: bytes, media_type: str, **more: object) -> dict[str, object]:
        (blobs / digest_of(data).partition(":")[2]).write_bytes(data)
        return {"mediaType": media_type, "digest": digest_of(data), "size": len(data), **more}

    children = []
    for system, machine in PLATFORMS:
        layers = [layer(b"shared" * 100_000), layer(f"{name} {system} {machine}".encode())]
        made = {"os": system, "architecture": machine, "rootfs": {"type": "layers", "diff_ids": [d for _, d in layers]}}
        config = kept(json.dumps(made).encode(), OCI_CONFIG)
        listed = [kept(data, f"{OCI_LAYER}+gzip") for data, _ in layers]
        fields = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": listed}
        platform = {"os": system, "architecture": machine}
        children.append(kept(json.dumps(fields).encode(), OCI_MANIFEST, platform=platform))
    index = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": children}).encode()
    top = kept(index, OCI_INDEX, annotations={"org.opencontainers.image.ref.name": "all"})
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [top]}))
    return digest_of(index)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "blobs" / "sha256").iterdir())


def test_images_of_several_platforms_go_in_and_out_side_by_side(skopeo: Skopeo, tmp_path: Path) -> None:
    images = [f"app{number}" for number in range(4)]
    digests = {name: write_layout(tmp_path / name, name) for name in images}
    with PracticeRegistry(tmp_path / "store") as registry, ThreadPoolExecutor(8) as pool:
        host = registry.origin.authority

        def push(name: str) -> None:
            skopeo.copy(f"oci:{tmp_path / name}:all", f"docker://{host}/demo/{name}:v1", "--all")

        def pull(name: str) -> None:
            skopeo.copy(f"docker://{host}/demo/{name}:v1", f"oci:{tmp_path}/back-{name}:all", "--all")

        list(pool.map(push, images))
        list(pool.map(pull, images))
        for name in images:
            index = json.loads((tmp_path / f"back-{name}" / "index.json").read_bytes())
            assert index["manifests"][0]["digest"] == digests[name]
            assert names(tmp_path / f"back-{name}") == names(tmp_path / name)
    shared = layer(b"shared" * 100_000)[0]
    kept = [path for path in (tmp_path / "store" / "blobs").rglob("*") if path.is_file()]
    assert [path.stat().st_size for path in kept].count(len(shared)) == 1


@pytest.mark.parametrize("name", personalities())
def test_skopeo_pushes_and_pulls_through_every_personality(skopeo: Skopeo, layout: Path, name: str) -> None:
    with PracticeRegistry(manner=personalities()[name]) as registry:
        host = registry.origin.authority
        image = f"docker://{host}/demo/app:v1"
        format = ["--format", "oci"]
        skopeo.copy(f"oci:{layout}:latest", image, *format)
        skopeo.copy(image, f"docker://{host}/demo/copy:v2", *format)
        first, second = skopeo.pull(image, "first"), skopeo.pull(image.replace("app:v1", "copy:v2"), "second")
        assert first == second
