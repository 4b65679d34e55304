"""What the suite pushes: images, indexes and artifacts of every kind that the image specification allows."""

from __future__ import annotations

import base64
import gzip
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_CONFIG, OCI_EMPTY, OCI_INDEX, OCI_LAYER, OCI_MANIFEST, OCTET_STREAM

KIND_1 = "application/vnd.example.oci.conformance.v1"
KIND_2 = "application/vnd.example.oci.conformance.v2"
NOT_DISTRIBUTABLE = "application/vnd.oci.image.layer.nondistributable.v1.tar"

Descriptor = dict[str, object]


@dataclass
class Data:
    """Blobs, manifests in the order in which they are to be pushed, tags, and referrers by their subject."""

    algorithm: str = "sha256"
    blobs: dict[str, bytes] = field(default_factory=dict)
    manifests: dict[str, bytes] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    referrers: dict[str, list[Descriptor]] = field(default_factory=dict)
    by_parameter: bool = False  # tags are given with the PUT by digest

    def described(self, data: bytes, media_type: str, **more: object) -> Descriptor:
        return {"mediaType": media_type, "digest": digest_of(data, self.algorithm), "size": len(data), **more}

    def blob(self, data: bytes, media_type: str, **more: object) -> Descriptor:
        self.blobs[digest_of(data, self.algorithm)] = data
        return self.described(data, media_type, **more)

    def chance(self, size: int = 512) -> bytes:
        return random.randbytes(size)

    def layers(self, count: int = 2, *, compressed: bool = True, **more: object) -> list[Descriptor]:
        found = []
        for _ in range(count):
            plain = self.chance()
            data, ending = (gzip.compress(plain), "+gzip") if compressed else (plain, "")
            found.append(self.blob(data, OCI_LAYER + ending, **more))
        return found

    def manifest(self, fields: Mapping[str, object], *tags: str) -> Descriptor:
        """Add a manifest, and itself to the referrers of its subject."""
        media_type = str(fields["mediaType"])
        body = json.dumps(fields).encode()
        descriptor = self.described(body, media_type)
        digest = str(descriptor["digest"])
        self.manifests[digest] = body
        self.tags.update({tag: digest for tag in tags})
        subject = fields.get("subject")
        if isinstance(subject, dict):
            config = fields.get("config")
            kind = fields.get("artifactType") or (config.get("mediaType") if isinstance(config, dict) else None)
            goal = {**descriptor, "artifactType": kind, "annotations": fields.get("annotations")}
            goals = {name: value for name, value in goal.items() if value is not None}
            self.referrers.setdefault(str(subject["digest"]), []).append(goals)
        return descriptor

    def image(self, *tags: str, layers: Sequence[Descriptor] | None = None, **changed: object) -> Descriptor:
        config = {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers"}, "salt": random.random()}
        fields = {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": self.blob(json.dumps(config).encode(), OCI_CONFIG),
            "layers": self.layers() if layers is None else list(layers),
            **changed,
        }
        return self.manifest(fields, *tags)

    def index(self, *tags: str, children: Sequence[Descriptor] | None = None, **changed: object) -> Descriptor:
        if children is None:
            children = [
                {**self.image(), "platform": {"os": "linux", "architecture": arch}} for arch in ("amd64", "arm64")
            ]
        fields = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": list(children), **changed}
        return self.manifest(fields, *tags)

    def artifact(self, *tags: str, kind: str = KIND_1, layer: str = KIND_1, **changed: object) -> Descriptor:
        return self.image(
            *tags,
            artifactType=kind,
            config=self.blob(b"{}", OCI_EMPTY),
            layers=[self.blob(b"{}" if layer == OCI_EMPTY else self.chance(), layer)],
            **changed,
        )


def _annotations() -> dict[str, str]:
    return {"org.opencontainers.conformance": "hello conformance test", "salt": str(random.random())}


def image(data: Data) -> None:
    data.image("image")


def uncompressed(data: Data) -> None:
    data.image("image-uncompressed", layers=data.layers(compressed=False))


def large_manifest(data: Data) -> None:
    data.image("large-manifest", annotations={f"large-annotation-{number}": "A" * 10_000 for number in range(390)})


def index(data: Data) -> None:
    data.index("index")


def nested_index(data: Data) -> None:
    data.index("index-of-index", children=[data.index(), data.index()])


def empty_index(data: Data) -> None:
    data.index("index", children=[])


def artifact(data: Data) -> None:
    data.artifact("artifact")


def artifact_index(data: Data) -> None:
    data.index("artifact-index", children=[data.artifact(), data.artifact()], artifactType=KIND_1)


def artifact_without_layers(data: Data) -> None:
    data.artifact("artifact-without-layers", layer=OCI_EMPTY)


def artifacts_with_subject(data: Data) -> None:
    subject = data.image("image")
    data.image(subject=subject)
    data.artifact("tagged-artifact1", subject=subject, annotations=_annotations())
    data.artifact("tagged-artifact2", kind=KIND_2, layer=OCTET_STREAM, subject=subject, annotations=_annotations())


def index_with_subject(data: Data) -> None:
    subject = data.index("index")
    children = [data.artifact(), data.artifact()]
    more = {"artifactType": KIND_1, "annotations": _annotations()}
    data.index("tagged-artifact", children=children, subject=subject, **more)


def missing_subject(data: Data) -> None:
    data.artifact(
        "tagged-artifact", subject=data.described(b"missing content", OCI_MANIFEST), annotations=_annotations()
    )


def data_field(data: Data) -> None:
    plain = data.chance()
    inline = base64.b64encode(plain).decode()
    data.image("data-field", layers=[{**data.blob(plain, OCI_LAYER), "data": inline}])


def non_distributable(data: Data) -> None:
    absent = [
        data.described(data.chance(), NOT_DISTRIBUTABLE + ending, urls=["https://store.example.com/x"])
        for ending in ("+gzip", "")
    ]
    data.image("non-distributable-image", layers=[*absent, *data.layers(1)])


def custom_fields(data: Data) -> None:
    children = [data.image(example={"x": [1, None]}) for _ in range(2)]
    data.index("custom-fields", children=children, example="y")


def no_layers(data: Data) -> None:
    data.image("no-layers", layers=[])


def sparse(data: Data) -> None:
    data.image("sparse-image", layers=[*data.layers(1), data.described(data.chance(), OCI_LAYER)])
    data.index("sparse-index", children=[data.image(), data.described(data.chance(), OCI_MANIFEST)])


def sha512(data: Data) -> None:
    data.algorithm = "sha512"
    data.index()


def tag_parameters(data: Data) -> None:
    data.by_parameter = True
    data.index("tag-param")
    data.tags.update({f"tag-param-{number}": digest for number, digest in enumerate(data.manifests)})


def tag_parameters_sha512(data: Data) -> None:
    data.algorithm = "sha512"
    tag_parameters(data)


KINDS: dict[str, Callable[[Data], None]] = {
    made.__name__: made
    for made in (
        image,
        uncompressed,
        large_manifest,
        index,
        nested_index,
        empty_index,
        artifact,
        artifact_index,
        artifact_without_layers,
        artifacts_with_subject,
        index_with_subject,
        missing_subject,
        data_field,
        non_distributable,
        custom_fields,
        no_layers,
        sparse,
        sha512,
        tag_parameters,
        tag_parameters_sha512,
    )
}
