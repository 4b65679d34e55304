"""Change the schema of an image that has its own manifests, or compress its layers; the manifests are written anew.

What is not understood stays as it is. Where nothing changes, the very bytes of the source are kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

from explorer.errors import InputError
from explorer.images.building import compression, manifest, without_repeats
from explorer.images.documents import Json
from explorer.images.making import Making
from explorer.model import Blob, Image, Manifest, Slice
from explorer.spec.media_types import DOCKER_LIST, DOCKER_MANIFEST, in_schema, layer_type

_PLAIN = {layer_type("oci", ""), layer_type("docker", "")}
_FOREIGN = {
    "application/vnd.oci.image.layer.nondistributable.v1.tar": "application/vnd.docker.image.rootfs.foreign.diff.tar",
    "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip": (
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    ),
}
_FOREIGN_BACK = {docker: oci for oci, docker in _FOREIGN.items()}


def convert(image: Image, making: Making) -> Image:
    """Return the image in the schema and compression that are asked for; itself where it is so already.

    Raises InputError where docker's schema has no place for what a manifest says.
    """
    work = _Conversion(making.schema, _packed(image, making) if making.gzip else {})
    manifests = tuple(work.convert(each) for each in image.manifests)
    if manifests == image.manifests:
        return image
    blobs = [new for blob in image.blobs for new in work.instead_of(blob)]
    return Image(image.name, without_repeats(blobs), manifests)


def _packed(image: Image, making: Making) -> dict[str, Blob]:
    """Return the compressed form of every plain layer, by the digest of the plain one."""
    from explorer.images.hashing import compressed

    plain = {
        blob.digest: (blob, blob.body)
        for blob in image.blobs
        if blob.media_type in _PLAIN and isinstance(blob.body, Slice) and not compression(blob.body)
    }
    bodies = compressed([body for _, body in plain.values()], making.scratch, making.progress)
    return {
        blob.digest: replace(
            blob,
            digest=f"sha256:{body.sha256}",
            media_type=layer_type("oci" if blob.media_type == layer_type("oci", "") else "docker", "gzip"),
            body=body,
        )
        for (blob, _), body in zip(plain.values(), bodies, strict=True)
    }


@dataclass(slots=True)
class _Conversion:
    """Manifests are converted children first, so that an index finds what became of what it names."""

    schema: str | None
    packed: dict[str, Blob]
    kept: set[str] = field(default_factory=set)  # digests of blobs that are named as they were
    used: set[str] = field(default_factory=set)  # digests of blobs whose compressed form is named
    changed: dict[str, Manifest] = field(default_factory=dict)

    def convert(self, old: Manifest) -> Manifest:
        """Return the manifest as it is to be sent."""
        content: Json = json.loads(old.body)
        media_type = _type_in(old.media_type, self.schema)
        new = {key: self._part(key, value) for key, value in content.items()}
        if new == content and media_type == old.media_type:
            return old
        if media_type in (DOCKER_MANIFEST, DOCKER_LIST):
            _check_docker_has_a_place(content, old)
        first = {"schemaVersion": 2, "mediaType": media_type}
        made = manifest({**first, **new, **first}, media_type)
        self.changed[old.digest] = made
        return made

    def instead_of(self, blob: Blob) -> list[Blob]:
        """Return what is to be pushed where this blob was: itself, its compressed form, or both."""
        found = [self.packed[blob.digest]] if blob.digest in self.used else []
        found += [blob] if blob.digest in self.kept else []
        return [replace(each, media_type=_type_in(each.media_type, self.schema)) for each in found]

    def _part(self, key: str, value: object) -> object:
        if key == "config" and isinstance(value, dict):
            return self._descriptor(value, {})
        if key in ("layers", "manifests") and isinstance(value, list):
            packed = self.packed if key == "layers" else {}
            return [self._descriptor(entry, packed) if isinstance(entry, dict) else entry for entry in value]
        return value

    def _descriptor(self, old: Json, packed: dict[str, Blob]) -> Json:
        """Return a descriptor with new type, digest and size; whatever else it says stays."""
        digest, media_type = str(old.get("digest")), str(old.get("mediaType", ""))
        new = dict(old)
        if digest in self.changed:
            child = self.changed[digest]
            new.update(mediaType=child.media_type, digest=child.digest, size=len(child.body))
        elif digest in packed and media_type in _PLAIN:
            blob = packed[digest]
            new.update(mediaType=_type_in(blob.media_type, self.schema), digest=blob.digest, size=blob.size)
            self.used.add(digest)
        else:
            self.kept.add(digest)
            if media_type:
                new["mediaType"] = _type_in(media_type, self.schema)
        return new


def _type_in(media_type: str, schema: str | None) -> str:
    if schema is None:
        return media_type
    foreign = _FOREIGN if schema == "docker" else _FOREIGN_BACK
    return foreign.get(media_type) or in_schema(media_type, schema)


def _check_docker_has_a_place(content: Json, old: Manifest) -> None:
    for key in ("artifactType", "subject"):
        if key in content:
            raise InputError(
                f"The manifest {old.digest} has '{key}', for which docker's schema has no place: "
                "push it in the schema oci, as it is."
            )
