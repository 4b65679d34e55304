"""Media types in the two families."""

from __future__ import annotations

import pytest

from explorer.spec.media_types import (
    DOCKER_CONFIG,
    DOCKER_LIST,
    DOCKER_MANIFEST,
    OCI_CONFIG,
    OCI_EMPTY,
    OCI_INDEX,
    OCI_MANIFEST,
    compression_of,
    in_schema,
    layer_type,
)


@pytest.mark.parametrize(
    ("oci", "docker"),
    [
        (OCI_MANIFEST, DOCKER_MANIFEST),
        (OCI_INDEX, DOCKER_LIST),
        (OCI_CONFIG, DOCKER_CONFIG),
        *((layer_type("oci", c), layer_type("docker", c)) for c in ("", "gzip", "zstd")),
    ],
)
def test_a_media_type_has_its_like_in_the_other_family(oci: str, docker: str) -> None:
    assert (in_schema(oci, "docker"), in_schema(docker, "oci"), in_schema(oci, "oci")) == (docker, oci, oci)


@pytest.mark.parametrize("media_type", [OCI_EMPTY, "text/plain", ""])
def test_a_media_type_without_a_like_stays(media_type: str) -> None:
    assert in_schema(media_type, "docker") == media_type


@pytest.mark.parametrize(
    ("start", "name"), [(b"\x1f\x8b\x08", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"tar", ""), (b"", "")]
)
def test_compression_is_told_by_the_first_bytes(start: bytes, name: str) -> None:
    assert compression_of(start) == name
