from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from explorer.model import Blob, Image
from explorer.spec.media_types import DOCKER_LIST, DOCKER_MANIFEST, OCI_MANIFEST

if TYPE_CHECKING:
    from tests.images.conftest import Layout, Make

Read = Callable[..., Image]
Problem = Callable[..., str]
FOREIGN = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"


@pytest.fixture
def layout(make: Make) -> Layout:
    return make.layout()


@pytest.mark.parametrize("how", [{}, {"schema": "oci"}, {"gzip": True}, {"schema": "oci", "gzip": True}])
def test_where_nothing_changes_the_bytes_are_the_source(
    how: dict[str, object], read: Read, make: Make, layout: Layout
) -> None:
    root = layout.image(layout.layer("one"))
    assert read(make.tar(layout.roots(root)), **how).root.digest == root["digest"]


def test_another_schema_changes_every_type(read: Read, make: Make, layout: Layout) -> None:
    layers = [layout.layer("one"), layout.layer("two", packed=False), layout.blob(b"far", FOREIGN)]
    image = read(make.tar(layout.roots(layout.image(*layers))), schema="docker")
    content = json.loads(image.root.body)
    assert content["mediaType"] == image.root.media_type == DOCKER_MANIFEST
    assert [
        part["mediaType"].removeprefix("application/vnd.docker.") for part in [*content["layers"], content["config"]]
    ] == [
        "image.rootfs.diff.tar.gzip",
        "image.rootfs.diff.tar",
        "image.rootfs.foreign.diff.tar.gzip",
        "container.image.v1+json",
    ]


def test_blobs_get_the_types_that_the_manifest_says(read: Read, make: Make, layout: Layout) -> None:
    image = read(make.tar(layout.roots(layout.image(layout.layer("one")))), schema="docker")
    content = json.loads(image.root.body)
    said = [part["mediaType"] for part in [*content["layers"], content["config"]]]
    assert [blob.media_type for blob in image.blobs] == said


def test_an_index_names_what_became_of_its_children(read: Read, make: Make, layout: Layout) -> None:
    platform = {"os": "linux", "architecture": "amd64"}
    child = layout.image(layout.layer("one"), platform=platform, annotations={"a": "b"})
    image = read(make.tar(layout.roots(layout.index(layout.index(child)))), schema="docker")
    first, inner, outer = image.manifests
    assert json.loads(inner.body)["manifests"] == [
        {
            "mediaType": DOCKER_MANIFEST,
            "digest": first.digest,
            "size": len(first.body),
            "platform": platform,
            "annotations": {"a": "b"},
        }
    ]
    assert json.loads(outer.body)["manifests"][0]["digest"] == inner.digest
    assert [outer.media_type, inner.media_type] == [DOCKER_LIST, DOCKER_LIST]


def test_there_and_back_says_the_same(read: Read, make: Make, layout: Layout) -> None:
    config = layout.blob(b"{}", "application/vnd.docker.container.image.v1+json")
    layers = [layout.blob(b"x", "application/vnd.docker.image.rootfs.diff.tar", annotations={"k": "v"})]
    content = {"schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": config, "layers": layers, "extra": [1]}
    image = read(make.tar(layout.roots(layout.document(content, DOCKER_MANIFEST))), schema="oci")
    said = json.loads(image.root.body)
    assert (said["mediaType"], said["extra"], said["layers"][0]["annotations"]) == (OCI_MANIFEST, [1], {"k": "v"})


def test_compressing_rewrites_the_manifest(
    read: Read, make: Make, layout: Layout, body_of: Callable[[Blob], bytes]
) -> None:
    layer = layout.layer("one", packed=False, annotations={"a": "b"})
    image = read(make.tar(layout.roots(layout.image(layer))), gzip=True)
    said = json.loads(image.root.body)["layers"][0]
    packed = image.blobs[0]
    assert make.digest(gzip.decompress(body_of(packed))) == layer["digest"]
    assert said == {
        "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
        "digest": make.digest(body_of(packed)),
        "size": packed.size,
        "annotations": {"a": "b"},
    }


def test_compressing_and_another_schema_go_together(read: Read, make: Make, layout: Layout) -> None:
    source = make.tar(layout.roots(layout.image(layout.layer("one", packed=False), layout.layer("two"))))
    image = read(source, gzip=True, schema="docker")
    assert [blob.media_type.rpartition(".")[2] for blob in image.blobs[:2]] == ["gzip", "gzip"]
    assert [blob.name for blob in image.blobs] == ["layer 1", "layer 2", "config"]


def test_docker_layers_are_compressed_as_docker_layers(read: Read, make: Make, layout: Layout) -> None:
    layer = layout.blob(b"plain", "application/vnd.docker.image.rootfs.diff.tar")
    image = read(make.tar(layout.roots(layout.image(layer))), gzip=True)
    assert image.blobs[0].media_type == "application/vnd.docker.image.rootfs.diff.tar.gzip"


def test_a_layer_that_is_compressed_whatever_is_said_is_left(read: Read, make: Make, layout: Layout) -> None:
    layer = layout.blob(gzip.compress(b"x"), "application/vnd.oci.image.layer.v1.tar")
    root = layout.image(layer)
    assert read(make.tar(layout.roots(root)), gzip=True).root.digest == root["digest"]


def test_a_blob_that_is_named_otherwise_as_well_is_kept(read: Read, make: Make, layout: Layout) -> None:
    layer = layout.layer("one", packed=False)
    also = {**layer, "mediaType": "application/octet-stream"}
    image = read(make.tar(layout.roots(layout.image(layer, also))), gzip=True)
    assert {blob.digest for blob in image.blobs} >= {part["digest"] for part in json.loads(image.root.body)["layers"]}
    assert len(image.blobs) == 3


def test_a_type_that_goes_unsaid_stays_unsaid(read: Read, make: Make, layout: Layout) -> None:
    layer = layout.blob(b"x", "")
    del layer["mediaType"]
    image = read(make.tar(layout.roots(layout.image(layer))), schema="docker")
    assert "mediaType" not in json.loads(image.root.body)["layers"][0]


@pytest.mark.parametrize("key", ["artifactType", "subject"])
def test_what_docker_has_no_place_for_is_refused(key: str, make: Make, layout: Layout, problem: Problem) -> None:
    config = layout.blob(b"{}", "application/vnd.oci.empty.v1+json")
    root = layout.document({"schemaVersion": 2, "config": config, "layers": [], key: "x"}, OCI_MANIFEST)
    assert f"has '{key}', for which docker's schema has no place" in problem(
        make.tar(layout.roots(root)), schema="docker"
    )


def test_an_unknown_schema_is_refused(problem: Problem) -> None:
    assert "'rpm' is no schema" in problem("tiny", schema="rpm")
