"""Real components: Debian's docker-registry 2.8 and skopeo. Without them these tests skip, or fail where they must."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.images import open_image
from explorer.model import Image, Slice
from tests.ports import free_port, until_it_listens

MUST_BE_THERE = os.environ.get("REGISTRY_EXPLORER_REQUIRE_REAL") == "1"

CONFIG = """
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {root}}}, delete: {{enabled: true}}}}
http: {{addr: "127.0.0.1:{port}", secret: aaa}}
{more}
"""


def need(program: str) -> str:
    """Return the path of a program; skips the test where there is none, or fails it where there must be one."""
    path = shutil.which(program)
    if path is None:
        reason = f"{program} is not installed (apt-get install {program})"
        if MUST_BE_THERE:
            pytest.fail(reason)
        pytest.skip(reason)
    return path


def serve_registry(folder: Path, more: str = "") -> Iterator[str]:
    """Run docker-registry in a folder; yields its host:port when it answers."""
    program = need("docker-registry")
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    (folder / "config.yml").write_text(CONFIG.format(root=folder / "data", port=port, more=more))
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen([program, "serve", str(folder / "config.yml")], stdout=log, stderr=log) as process,
    ):
        try:
            until_it_listens(port, process, folder / "log")
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def docker_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return host:port of a docker-registry 2.8 that runs for all tests."""
    yield from serve_registry(tmp_path_factory.mktemp("registry"))


class Skopeo:
    """Runs skopeo."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self.folder = folder

    def copy(self, source: str, target: str, *options: str, before: tuple[str, ...] = ()) -> None:
        """Copy an image; fails with skopeo's own words."""
        words = ["copy", "--src-tls-verify=false", "--dest-tls-verify=false", *options, source, target]
        self._run("--insecure-policy", *before, *words)

    def manifest_digest(self, source: str) -> str:
        """Return the digest that a registry's manifest has in skopeo's eyes."""
        return self._run("inspect", "--tls-verify=false", "--format", "{{.Digest}}", source).strip()

    def pull(self, source: str, name: str) -> dict[str, list[str]]:
        """Pull an image into a folder and return the digests of its config and its layers."""
        folder = self.folder / name
        self.copy(source, f"dir:{folder}")
        manifest = json.loads((folder / "manifest.json").read_bytes())
        return {
            "config": [manifest["config"]["digest"]],
            "layers": [layer["digest"] for layer in manifest["layers"]],
        }

    def _run(self, *words: str) -> str:
        done = subprocess.run([self._program, *words], capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def skopeo(tmp_path: Path) -> Skopeo:
    """Return skopeo, working in the test's folder."""
    return Skopeo(need("skopeo"), tmp_path)


def bytes_of(body: bytes | Slice) -> bytes:
    """Return the bytes of a body."""
    if isinstance(body, bytes):
        return body
    return Path(body.path).read_bytes()[body.offset : body.offset + body.length]


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    """Return an OCI layout of the sample image, as a folder."""
    image: Image = open_image("tiny", scratch=tmp_path)
    folder = tmp_path / "layout"
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    for digest, content in [(b.digest, bytes_of(b.body)) for b in image.blobs] + [(image.root.digest, image.root.body)]:
        (blobs / digest.partition(":")[2]).write_bytes(content)
    root = {
        "mediaType": image.root.media_type,
        "digest": image.root.digest,
        "size": len(image.root.body),
        "annotations": {"org.opencontainers.image.ref.name": "latest"},
    }
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [root]}))
    return folder
