"""Push files as an artifact: a manifest with artifactType, whose layers are the files (image-spec, manifest.md)."""

from __future__ import annotations

import json

from explorer.errors import InputError, Stuck
from explorer.flows import Flow
from explorer.flows.answers import accept, answered
from explorer.flows.blob_exists import head_blob
from explorer.flows.declared import TARGET, Argument, Arguments, Kind, flow
from explorer.flows.get_manifest import check_manifest
from explorer.flows.push_blob import push_blob
from explorer.flows.push_manifest import push_manifest
from explorer.flows.redirected import redirected
from explorer.flows.requests import request
from explorer.model import Blob, Manifest
from explorer.spec.digests import digest_of, is_digest
from explorer.spec.media_types import MANIFESTS, OCI_EMPTY, OCI_MANIFEST
from explorer.spec.references import Target

TITLE = "org.opencontainers.image.title"

_TYPE = Argument("artifact-type", Kind.TEXT, "what it is, as a media type: application/spdx+json, …")
_FILES = Argument("file", Kind.FILES, "a file, FILE or FILE:MEDIA-TYPE; each becomes a layer, in order")
_CONFIG = Argument("config", Kind.FILES, "a config, FILE:MEDIA-TYPE; the empty one where it is not given")
_NOTES = Argument("annotation", Kind.TEXTS, "NAME=VALUE, on the manifest")
_SUBJECT = Argument("subject", Kind.TEXT, "the digest of the manifest that it is about")
_BY_DIGEST = Argument("by-digest", Kind.FLAG, "store it by its digest alone, without the tag")
_ALGORITHM = Argument("algorithm", Kind.TEXT, "of the digests", default="sha256", choices=("sha256", "sha512"))


@flow(
    "push-artifact",
    "F14",
    "F15",
    "F20",
    arguments=(TARGET, _TYPE, _FILES, _CONFIG, _NOTES, _SUBJECT, _BY_DIGEST, _ALGORITHM),
    example="push-artifact localhost:5000/demo/app:sbom --artifact-type application/spdx+json "
    "--file sbom.json:application/spdx+json --subject sha256:44136f…",
)
def push_artifact(arguments: Arguments) -> Flow[str]:
    """Push files as an artifact, which may refer to an image: a bill of materials, a signature, anything.

    HEAD (end-2) and an upload (end-4a, end-5, end-6) for each file and for the config, by default the empty JSON
    object; with no file, that is the one layer, too. PUT of an OCI manifest (end-7) with artifactType and, where it is
    about something, `subject`. A registry that keeps referrers answers OCI-Subject; otherwise the index under the tag
    ALGORITHM-HEX is fetched (end-3), added to and stored (end-7), as the specification asks of clients.
    """
    target = arguments.target
    algorithm = arguments.text("algorithm")
    config = _config(arguments, algorithm)
    kind = arguments.text("artifact-type")
    if not kind and config.media_type == OCI_EMPTY:
        raise InputError("An artifact with the empty config has to say what it is: give --artifact-type.")
    notes = _annotations(arguments.texts("annotation"))
    layers = arguments.files("file", algorithm) or (_empty(algorithm),)
    content: dict[str, object] = {"schemaVersion": 2, "mediaType": OCI_MANIFEST}
    if kind:
        content["artifactType"] = kind
    content["config"] = _descriptor(config, is_titled=False)
    content["layers"] = [_descriptor(blob, is_titled=blob.media_type != OCI_EMPTY) for blob in layers]
    if subject := arguments.text("subject"):
        content["subject"] = yield from _subject(target, subject)
    if notes:
        content["annotations"] = notes
    for blob in {blob.digest: blob for blob in (*layers, config)}.values():
        found = yield from head_blob(target.origin, target.repository, blob.digest, blob.name)
        if found.status == 404:
            yield from redirected(push_blob(target.origin, target.repository, blob))
    body = json.dumps(content, indent=2).encode()
    manifest = Manifest(digest_of(body, algorithm), OCI_MANIFEST, body)
    by_digest = arguments.flag("by-digest") or ":" in target.reference
    if ":" in target.reference and target.reference != manifest.digest:
        raise Stuck(f"The target asks for the digest {target.reference}, but this manifest has {manifest.digest}.")
    reference = manifest.digest if by_digest else target.reference
    words = yield from redirected(push_manifest(target.origin, target.repository, manifest, reference))
    return "; ".join(filter(None, (manifest.digest, words)))


def _empty(algorithm: str) -> Blob:
    return Blob(digest_of(b"{}", algorithm), OCI_EMPTY, b"{}", "empty object")


def _config(arguments: Arguments, algorithm: str) -> Blob:
    given = arguments.files("config", algorithm)
    if len(given) > 1:
        raise InputError("A manifest has one config; give --config once.")
    return given[0] if given else _empty(algorithm)


def _descriptor(blob: Blob, *, is_titled: bool) -> dict[str, object]:
    found: dict[str, object] = {"mediaType": blob.media_type, "digest": blob.digest, "size": blob.size}
    return {**found, "annotations": {TITLE: blob.name}} if is_titled else found


def _annotations(texts: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    if wrong := [name for name, equals, _ in pairs if not equals or not name]:
        raise InputError(f"--annotation takes NAME=VALUE; '{wrong[0]}' is none.")
    return {name: value for name, _, value in pairs}


def _subject(target: Target, digest: str) -> Flow[dict[str, object]]:
    """Get the manifest that the artifact is about, whose type and size stand in the descriptor."""
    if not is_digest(digest):
        raise InputError(f"--subject takes a digest, sha256:…; '{digest}' is none.")
    got = yield from answered(
        "get the subject",
        request(
            "GET",
            target.origin,
            f"/v2/{target.repository}/manifests/{digest}",
            *(("Accept", kind) for kind in MANIFESTS),
        ),
        spec="end-3",
        why="The new manifest names it with its type and size.",
        expects=(200,),
    )
    answer = accept(got, 200)
    check_manifest(got, digest)
    if not isinstance(answer.body, bytes):
        raise Stuck("The subject is too large to be kept, so it is no manifest that a registry would take.")
    kind = (answer.headers.get("Content-Type") or "").partition(";")[0].strip()
    return {"mediaType": kind, "digest": digest, "size": len(answer.body)}
