"""What is written around pulled blobs: the rest of an OCI layout, or an archive as `docker save` makes them.

Everything appears whole or not at all: a file is written under another name and then given its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from explorer.errors import FormatError
from explorer.images.destinations import ARCHIVE, Destination
from explorer.images.documents import At, Descriptor, Json, as_list, parse_object
from explorer.images.pulled import Pulled, read_parts
from explorer.model import Manifest
from explorer.spec.digests import parse_digest
from explorer.spec.media_types import OCI_INDEX
from explorer.spec.references import Target

REF_NAME = "org.opencontainers.image.ref.name"
_BLOCK = 1024 * 1024


def write_image(pulled: Pulled, place: Destination, target: Target) -> str:
    """Write what makes an image of the blobs, and return a sentence about it; raises FormatError."""
    with _sentences(place.path):
        for digest in pulled.reused:
            _check(_blob(place.folder, digest), digest)
        return (_write_archive if place.form == ARCHIVE else _write_layout)(pulled, place, target)


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, tarfile.TarError) as bad:
        said = bad.strerror if isinstance(bad, OSError) else bad
        raise FormatError(path, f"the image could not be written: {said}. Its blobs are there; pull again.") from bad


def _blob(folder: Path, digest: str) -> Path:
    return folder / "blobs" / digest.replace(":", "/")


def _check(path: Path, digest: str) -> None:
    """Raise FormatError where a blob that was there before is not what its name says."""
    hasher = hashlib.new(parse_digest(digest)[0])
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            hasher.update(block)
    if not digest.endswith(f":{hasher.hexdigest()}"):
        raise FormatError(
            path, f"it was there before the pull, and is damaged: its digest is {hasher.hexdigest()}. Remove it."
        )


def _write_layout(pulled: Pulled, place: Destination, target: Target) -> str:
    for manifest in pulled.manifests:
        _write(_blob(place.folder, manifest.digest), manifest.body)
    mark = place.folder / "oci-layout"
    if not mark.exists():
        _write(mark, b'{"imageLayoutVersion":"1.0.0"}')
    tag = "" if ":" in target.reference else target.reference
    index = place.folder / "index.json"
    _write(index, json.dumps(_with_image(index, pulled.root, tag), separators=(",", ":")).encode())
    return f"{place.path} is an OCI layout with {f'the image {tag}' if tag else pulled.root.digest}."


def _with_image(path: Path, root: Manifest, tag: str) -> Json:
    """Return the index of a layout with an image added; another one that went by its tag stays without it."""
    at = At(str(path.parent), path.name)
    index = parse_object(path.read_bytes(), at) if path.exists() else {"schemaVersion": 2, "mediaType": OCI_INDEX}
    entries = as_list(index.get("manifests", []), at.part("manifests"))
    kept = [_without_name(entry, tag) for entry in entries]
    entry: Json = {"mediaType": root.media_type, "digest": root.digest, "size": len(root.body)}
    if tag:
        entry["annotations"] = {REF_NAME: tag}
    if tag or all(not isinstance(each, dict) or each.get("digest") != root.digest for each in kept):
        kept = [each for each in kept if not _is_nameless(each, root.digest)]
        kept.append(entry)
    return {**index, "manifests": kept}


def _without_name(entry: object, tag: str) -> object:
    annotations = entry.get("annotations") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(annotations, dict) or annotations.get(REF_NAME) != tag:
        return entry
    others = {name: value for name, value in annotations.items() if name != REF_NAME}
    rest = {name: value for name, value in entry.items() if name != "annotations"}
    return {**rest, "annotations": others} if others else rest


def _is_nameless(entry: object, digest: str) -> bool:
    return isinstance(entry, dict) and entry.get("digest") == digest and not entry.get("annotations")


def _write_archive(pulled: Pulled, place: Destination, target: Target) -> str:
    root = pulled.root
    parts = read_parts(root.body, root.media_type, At(root.digest, "JSON"))
    if parts.config is None:
        raise FormatError(place.path, "an archive of docker holds one image, and this is several.")
    names = {layer.digest: f"{_digits(layer)}.tar{_ending(layer)}" for layer in parts.layers}
    names[parts.config.digest] = f"{_digits(parts.config)}.json"
    name = "" if ":" in target.reference else f"{_host(target)}/{target.repository}:{target.reference}"
    listing = {
        "Config": names[parts.config.digest],
        "RepoTags": [name] if name else None,
        "Layers": [names[layer.digest] for layer in parts.layers],
    }
    made = place.folder / "archive.tar.part"
    with made.open("wb") as file, tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as tar:
        os.fchmod(file.fileno(), 0o600)
        for digest, member in names.items():
            _add(tar, member, _blob(place.folder, digest))
        _add(tar, "manifest.json", _written(place.folder / "manifest.json", json.dumps([listing]).encode()))
    _name(made, place.path)
    _clear(place.folder, [made, place.folder / "manifest.json", *(_blob(place.folder, digest) for digest in names)])
    return f"{place.path} is an archive of docker with {f'the image {name}' if name else root.digest}."


def _digits(blob: Descriptor) -> str:
    return blob.digest.partition(":")[2]


def _ending(layer: Descriptor) -> str:
    kind = layer.media_type.rpartition("+")[2].rpartition(".")[2]
    return {"gzip": ".gz", "zstd": ".zst"}.get(kind, "")


def _host(target: Target) -> str:
    """Return the host as it stands in a name; docker's names know no IPv6 addresses."""
    return "localhost" if ":" in target.origin.host else target.origin.authority


def _add(tar: tarfile.TarFile, name: str, path: Path) -> None:
    member = tarfile.TarInfo(name)
    member.size = path.stat().st_size
    with path.open("rb") as file:
        tar.addfile(member, file)


def _write(path: Path, data: bytes) -> None:
    """Write a small file, private, whole or not at all."""
    _written(path.with_name(f"{path.name}.new"), data).replace(path)


def _written(path: Path, data: bytes) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return path


def _clear(folder: Path, files: list[Path]) -> None:
    """Remove what was gathered for an archive, and the folders that are empty then; nothing else."""
    for file in files:
        file.unlink(missing_ok=True)
    for inner in (*{file.parent for file in files if file.parent != folder}, folder / "blobs", folder):
        with suppress(OSError):
            inner.rmdir()


def _name(made: Path, path: Path) -> None:
    """Give a file its name, unless something has that name by now."""
    try:
        os.link(made, path)
    except FileExistsError as exists:
        raise FormatError(path, "it exists by now, and is not overwritten; move it and pull again.") from exists
    except OSError:  # a file system without hard links
        if path.exists():
            raise
        made.replace(path)
