"""Media types of manifests, configs and layers (image-spec, media-types.md; docker's image manifest v2, schema 2)."""

from __future__ import annotations

OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
OCI_LAYER = "application/vnd.oci.image.layer.v1.tar"
OCI_EMPTY = "application/vnd.oci.empty.v1+json"

DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar"

OCTET_STREAM = "application/octet-stream"

IMAGE_MANIFESTS = (OCI_MANIFEST, DOCKER_MANIFEST)
INDEXES = (OCI_INDEX, DOCKER_LIST)
MANIFESTS = (*IMAGE_MANIFESTS, *INDEXES)

_LAYER_ENDINGS = {
    "oci": {"": "", "gzip": "+gzip", "zstd": "+zstd"},
    "docker": {"": "", "gzip": ".gzip", "zstd": ".zstd"},
}
_TO_DOCKER = {OCI_MANIFEST: DOCKER_MANIFEST, OCI_INDEX: DOCKER_LIST, OCI_CONFIG: DOCKER_CONFIG}
_TO_OCI = {docker: oci for oci, docker in _TO_DOCKER.items()}


def compression_of(first_bytes: bytes) -> str:
    """Return how bytes that begin like this are compressed: gzip, zstd, or nothing (empty)."""
    if first_bytes.startswith(b"\x1f\x8b"):
        return "gzip"
    if first_bytes.startswith(b"\x28\xb5\x2f\xfd"):
        return "zstd"
    return ""


def layer_type(schema: str, compression: str) -> str:
    """Return a layer's media type; `schema` is docker or oci, `compression` is empty, gzip or zstd."""
    base = OCI_LAYER if schema == "oci" else DOCKER_LAYER
    return base + _LAYER_ENDINGS[schema][compression]


def in_schema(media_type: str, schema: str) -> str:
    """Return the media type that means the same in the other family (docker or oci); itself where there is none."""
    table = _TO_DOCKER if schema == "docker" else _TO_OCI
    if media_type in table:
        return table[media_type]
    for compression in _LAYER_ENDINGS["oci"]:
        if media_type in (layer_type("oci", compression), layer_type("docker", compression)):
            return layer_type(schema, compression)
    return media_type
