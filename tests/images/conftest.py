"""Makes sources: tars and folders of given files, archives of docker, OCI layouts."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from explorer.errors import FormatError, InputError
from explorer.images import open_image
from explorer.model import Blob, Image

OCI = "application/vnd.oci.image."


@dataclass(frozen=True)
class Link:
    """A symbolic link, or a hard link."""

    target: str
    hard: bool = False


Files = Mapping[str, bytes | Link]


def tar_of(files: Files, form: int = tarfile.PAX_FORMAT) -> bytes:
    """Return a tar of files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=form) as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            if isinstance(content, Link):
                member.type = tarfile.LNKTYPE if content.hard else tarfile.SYMTYPE
                member.linkname = content.target
                tar.addfile(member)
            else:
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def digest(data: bytes) -> str:
    """Return the sha256 digest."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def config_of(layers: list[bytes], note: str = "") -> bytes:
    """Return a config of plain layers."""
    rootfs = {"type": "layers", "diff_ids": [digest(layer) for layer in layers]}
    return json.dumps({"architecture": "amd64", "os": "linux", "author": note, "rootfs": rootfs}).encode()


@dataclass
class Layout:
    """An OCI layout in the making: the files that it has."""

    files: dict[str, bytes] = field(default_factory=lambda: {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}'})

    def blob(self, data: bytes, media_type: str, **more: object) -> dict[str, object]:
        """Add a blob and return its descriptor."""
        self.files["blobs/" + digest(data).replace(":", "/")] = data
        return {"mediaType": media_type, "digest": digest(data), "size": len(data), **more}

    def document(self, content: Mapping[str, object], media_type: str, **more: object) -> dict[str, object]:
        """Add a manifest or index of exactly this content and return its descriptor."""
        return self.blob(json.dumps(content).encode(), media_type, **more)

    def image(self, *layers: dict[str, object], note: str = "", **more: object) -> dict[str, object]:
        """Add a manifest of layers and return its descriptor."""
        bodies = [self.files.get("blobs/" + str(layer["digest"]).replace(":", "/"), b"") for layer in layers]
        tars = [gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body for body in bodies]
        config = self.blob(config_of(tars, note), OCI + "config.v1+json")
        content = {"schemaVersion": 2, "mediaType": OCI + "manifest.v1+json", "config": config, "layers": layers}
        return self.document(content, OCI + "manifest.v1+json", **more)

    def layer(self, text: str, packed: bool = True, **more: object) -> dict[str, object]:
        """Add a layer and return its descriptor."""
        tar = tar_of({"file": text.encode()})
        if packed:
            return self.blob(gzip.compress(tar, mtime=0), OCI + "layer.v1.tar+gzip", **more)
        return self.blob(tar, OCI + "layer.v1.tar", **more)

    def index(self, *children: dict[str, object], **more: object) -> dict[str, object]:
        """Add an index and return its descriptor."""
        content = {"schemaVersion": 2, "mediaType": OCI + "index.v1+json", "manifests": children}
        return self.document(content, OCI + "index.v1+json", **more)

    def roots(self, *descriptors: dict[str, object]) -> dict[str, bytes]:
        """Write index.json and return all files."""
        self.files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": descriptors}).encode()
        return self.files


def saved(*images: Mapping[str, object], **files: bytes | Link) -> dict[str, bytes | Link]:
    """Return the files of an archive of docker: manifest.json of these images, and others."""
    return {"manifest.json": json.dumps(images).encode(), **files}


@dataclass(frozen=True)
class Make:
    """The makers, for tests; `at` is where they write."""

    at: Path

    layout = Layout
    link = Link
    tar_of = staticmethod(tar_of)
    saved = staticmethod(saved)
    digest = staticmethod(digest)
    config_of = staticmethod(config_of)

    def file(self, name: str, data: bytes) -> str:
        """Write a file."""
        (self.at / name).write_bytes(data)
        return str(self.at / name)

    def tar(self, files: Files, name: str = "source.tar") -> str:
        """Write a tar of files."""
        return self.file(name, tar_of(files))

    def folder(self, files: Files, name: str = "source") -> str:
        """Write a folder of files."""
        for inner, content in files.items():
            path = self.at / name / inner
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Link):
                path.symlink_to(content.target)
            else:
                path.write_bytes(content)
        return str(self.at / name)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makers that write into a folder of the test's own."""
    return Make(tmp_path)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A private folder."""
    (tmp_path / "scratch").mkdir(mode=0o700)
    return tmp_path / "scratch"


@pytest.fixture
def read(scratch: Path) -> Callable[..., Image]:
    """`open_image` with the scratch folder given."""

    def open_it(source: str, **how: object) -> Image:
        return open_image(source, scratch=scratch, **how)  # type: ignore[arg-type] # the tests pass what they test

    return open_it


@pytest.fixture
def problem(read: Callable[..., Image]) -> Callable[..., str]:
    """What `open_image` says where it fails, which is one sentence."""

    def sentence_of(source: str, **how: object) -> str:
        with pytest.raises((FormatError, InputError)) as caught:
            read(source, **how)
        sentence = str(caught.value)
        assert "\n" not in sentence
        assert sentence.endswith(".")
        return sentence

    return sentence_of


@pytest.fixture
def body_of() -> Callable[[Blob], bytes]:
    """The bytes of a blob."""

    def read_body(blob: Blob) -> bytes:
        if isinstance(blob.body, bytes):
            return blob.body
        with Path(blob.body.path).open("rb") as file:
            file.seek(blob.body.offset)
            return file.read(blob.body.length)

    return read_body
