"""What the real skopeo writes is read back as what it was given."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from explorer.model import Blob, Image

if TYPE_CHECKING:
    from tests.images.conftest import Make

Read = Callable[..., Image]
Body = Callable[[Blob], bytes]

pytestmark = pytest.mark.skipif(
    not shutil.which("skopeo") and os.environ.get("REGISTRY_EXPLORER_REQUIRE_REAL") != "1",
    reason="skopeo is not installed; REGISTRY_EXPLORER_REQUIRE_REAL=1 makes this a failure",
)


def skopeo_copy(source: str, target: str) -> None:
    subprocess.run(["skopeo", "copy", "--quiet", source, target], check=True, timeout=60)


@pytest.fixture
def layout(read: Read, make: Make, body_of: Body) -> str:
    """The sample, written as an OCI layout."""
    image = read("tiny")
    root = image.root
    files = {f"blobs/{blob.digest.replace(':', '/')}": body_of(blob) for blob in image.blobs}
    files[f"blobs/{root.digest.replace(':', '/')}"] = root.body
    index = {"mediaType": root.media_type, "digest": root.digest, "size": len(root.body)}
    files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [index]}).encode()
    files["oci-layout"] = b'{"imageLayoutVersion": "1.0.0"}'
    return make.folder(files, "layout")


def test_skopeos_archive_of_docker_is_the_same_image(layout: str, read: Read, tmp_path: Path, body_of: Body) -> None:
    skopeo_copy(f"oci:{layout}", f"docker-archive:{tmp_path}/saved.tar:demo/tiny:v1")
    image, sample = read(f"{tmp_path}/saved.tar"), read("tiny")
    assert image.name == "demo/tiny:v1"
    assert image.blobs[-1].digest == sample.blobs[-1].digest
    diff_ids = json.loads(body_of(sample.blobs[-1]))["rootfs"]["diff_ids"]
    assert [blob.digest for blob in image.blobs[:-1]] == diff_ids


def test_skopeos_archive_of_oci_is_the_same_image(layout: str, read: Read, tmp_path: Path) -> None:
    skopeo_copy(f"oci:{layout}", f"oci-archive:{tmp_path}/oci.tar:v2")
    image = read(f"{tmp_path}/oci.tar")
    assert (image.name, image.root.digest) == ("oci:v2", read("tiny").root.digest)


def test_skopeo_takes_what_was_converted(layout: str, read: Read, tmp_path: Path, make: Make, body_of: Body) -> None:
    image = read(layout, schema="docker")
    files = {blob.digest.partition(":")[2]: body_of(blob) for blob in image.blobs}
    folder = make.folder(
        {**files, "manifest.json": image.root.body, "version": b"Directory Transport Version: 1.1\n"}, "dir"
    )
    skopeo_copy(f"dir:{folder}", f"oci:{tmp_path}/back:v1")
    layers = [blob.digest for blob in image.blobs[:-1]]
    assert [blob.digest for blob in read(f"{tmp_path}/back").blobs[:-1]] == layers
