"""Manifests that are refused: for what they name, their size, form or tag; referrers that are not there."""

from __future__ import annotations

import json
from collections.abc import Iterator

from explorer.faults.answers import Element, error, errors, go_not_found
from explorer.faults.arguments import choice, size
from explorer.faults.bodies import AlteredBody, Blocks
from explorer.faults.changes import without
from explorer.faults.contents import LONGEST_MANIFEST
from explorer.faults.declared import Passing, Plays, fault
from explorer.faults.products import harbor, quay
from explorer.spec.media_types import MANIFESTS, OCI_INDEX, OCI_MANIFEST
from explorer.wire.server import BodyReader, Outgoing


class _TooLong(Exception):
    """The manifest is longer than the limit."""


def _is_put(passing: Passing) -> bool:
    return passing.asked.kind == "manifest" and passing.asked.method == "PUT"


def _read(passing: Passing) -> tuple[bytes, dict[str, object]]:
    """Return the bytes of a manifest and what they say; nothing where that is no JSON object."""
    body = passing.incoming.body.read_all(LONGEST_MANIFEST)
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return body, {}
    return body, parsed if isinstance(parsed, dict) else {}


def _digests(manifest: dict[str, object]) -> Iterator[str]:
    for name in ("config", "layers", "manifests"):
        value = manifest.get(name)
        for descriptor in value if isinstance(value, list) else [value]:
            if isinstance(descriptor, dict) and isinstance(descriptor.get("digest"), str):
                yield descriptor["digest"]


@fault("manifest-blob-unknown", "index-child-unknown", plays=Plays.DEPLOYMENT)
def blob_unknown(passing: Passing) -> Outgoing:
    """400 `MANIFEST_BLOB_UNKNOWN`, once for each digest that the manifest names, though all of it was pushed.

    The replica that is asked has not heard of the blobs and the child manifests yet.
    """
    if not _is_put(passing):
        return passing.on()
    body, manifest = _read(passing)
    unknown: list[Element] = [
        ("MANIFEST_BLOB_UNKNOWN", "blob unknown to registry", digest) for digest in _digests(manifest)
    ]
    return errors(400, *unknown) if unknown else passing.on(body=BodyReader.of(body))


@fault("manifest-too-big", plays=Plays.REGISTRY, argument=size("the largest manifest that is taken", "4m"))
def too_big(passing: Passing, most: int) -> Outgoing:
    """400 `MANIFEST_INVALID`, "http: request body too large", for a manifest over the limit.

    distribution's limit is 4 MiB, which every registry has to take. The specification wants 413.
    """
    if not _is_put(passing):
        return passing.on()

    def counted(blocks: Blocks) -> Blocks:
        seen = 0
        for block in blocks:
            seen += len(block)
            if seen > most:
                raise _TooLong
            yield block

    try:
        return passing.on(body=AlteredBody(passing.incoming.body, counted))
    except _TooLong:
        return error(400, "MANIFEST_INVALID", "manifest invalid", "http: request body too large")


@fault("oci-needs-mediatype", plays=Plays.REGISTRY)
def needs_mediatype(passing: Passing) -> Outgoing:
    """405 `UNSUPPORTED`, "Invalid JSON syntax", for an OCI manifest without a `mediaType` of its own, which is legal.

    ECR wants the field.
    """
    if not _is_put(passing):
        return passing.on()
    body, manifest = _read(passing)
    kind = (passing.headers.get("Content-Type") or "").partition(";")[0].strip()
    if manifest and kind in (OCI_MANIFEST, OCI_INDEX) and "mediaType" not in manifest:
        what = "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'"
        return error(405, "UNSUPPORTED", what)
    return passing.on(body=BodyReader.of(body))


@fault("foreign-layer-url", plays=Plays.REGISTRY)
def foreign_layer_url(passing: Passing) -> Outgoing:
    """500 with `UNKNOWN`, "invalid URL on layer", and `MANIFEST_BLOB_UNKNOWN` for a layer that lies elsewhere.

    distribution does so for foreign layers with `urls` where `validation.manifests.urls` allows none.
    """
    if not _is_put(passing):
        return passing.on()
    body, manifest = _read(passing)
    layers = manifest.get("layers")
    wrong: list[Element] = []
    for layer in layers if isinstance(layers, list) else []:
        if isinstance(layer, dict) and layer.get("urls"):
            wrong.append(("UNKNOWN", "unknown error", "invalid URL on layer"))
            wrong.append(("MANIFEST_BLOB_UNKNOWN", "blob unknown to registry", layer.get("digest")))
    return errors(500, *wrong) if wrong else passing.on(body=BodyReader.of(body))


@fault("subject-not-processed", plays=Plays.REGISTRY)
def subject_not_processed(passing: Passing) -> Outgoing:
    """201 without `OCI-Subject` for a manifest with a subject, and 404 for its referrers: there is no such endpoint.

    distribution 2 and 3 have none. Clients fall back to an index under the tag `sha256-…`.
    """
    if passing.asked.kind == "referrers":
        return go_not_found()
    return without(passing.on(), "OCI-Subject")


@fault("tag-immutable", plays=Plays.REGISTRY, argument=choice("whose refusal", "ecr", "quay", "harbor"))
def tag_immutable(passing: Passing, whose: str) -> Outgoing:
    """A tag that is there cannot be moved: 400 `TAG_INVALID` at ECR, 409 at Quay, 412 `PRECONDITION` at Harbor.

    The first push of a tag gets through, and so does a manifest by its digest.
    """
    asked = passing.asked
    if not _is_put(passing) or ":" in asked.word:
        return passing.on()
    body = passing.incoming.body.read_all(LONGEST_MANIFEST)
    if not _is_there(passing):
        return passing.on(body=BodyReader.of(body))
    match whose:
        case "quay":
            return quay(409, "TAG_IMMUTABLE", f"tag '{asked.word}' is immutable")
        case "harbor":
            repository = asked.name.partition("/")[2] or asked.name
            what = f"Failed to process request due to '{repository}:{asked.word}' configured as immutable."
            return harbor(412, "PRECONDITION", what)
        case _:
            what = (
                f"The image tag '{asked.word}' already exists in the '{asked.name}' repository"
                " and cannot be overwritten because the repository is immutable."
            )
            return error(400, "TAG_INVALID", what)


def _is_there(passing: Passing) -> bool:
    """Say whether there is a manifest where one is to be put."""
    accept = passing.headers.without("Content-Length", "Transfer-Encoding", "Content-Type")
    return (
        passing.on(
            method="HEAD",
            target=passing.asked.target.partition("?")[0],
            headers=accept.set("Accept", ", ".join(sorted(MANIFESTS))),
            body=BodyReader.of(b""),
        ).status
        == 200
    )
