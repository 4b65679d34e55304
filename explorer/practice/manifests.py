"""The manifest endpoints: PUT, GET, HEAD and DELETE, by tag and by digest (distribution 3, handlers/manifests.go)."""

from __future__ import annotations

from explorer.practice.answers import answer
from explorer.practice.call import Call
from explorer.practice.digests import complaint
from explorer.practice.errors import Refusal, refusal
from explorer.practice.manifest_rules import check_references, parse_manifest, parse_media_type
from explorer.practice.store import StoredManifest
from explorer.spec.digests import digest_of
from explorer.spec.media_types import DOCKER_LIST, DOCKER_MANIFEST, OCI_MANIFEST
from explorer.wire.server import BodyTooLong, Outgoing

LONGEST_MANIFEST = 4 * 1024 * 1024
"""Longest manifest in bytes."""

_USUAL_PLATFORM = ("linux", "amd64")


def put(call: Call) -> Outgoing:
    """Store a manifest whose form is right and whose references are all there, and let the tag name it."""
    try:
        body = call.incoming.body.read_all(LONGEST_MANIFEST)
    except BodyTooLong as long:
        raise refusal("MANIFEST_INVALID", "http: request body too large") from long
    manifest = parse_manifest(call.header("Content-Type"), body)
    by_digest = not complaint(call.reference)
    digest = digest_of(body, call.reference.partition(":")[0] if by_digest else "sha256")
    if by_digest and digest != call.reference:
        raise refusal("DIGEST_INVALID")
    check_references(
        manifest,
        lambda wanted: call.store.blob_size(call.name, wanted) is not None,
        lambda wanted: call.store.has_manifest(call.name, wanted),
    )
    if not by_digest and ":" in call.reference:
        raise _impossible_tag(call)
    call.store.put_manifest(call.name, StoredManifest(digest, manifest.media_type, body))
    if not by_digest:
        call.store.put_tag(call.name, call.reference, digest)
    return answer(201, ("Docker-Content-Digest", digest), ("Location", call.url(f"manifests/{digest}")))


def get(call: Call) -> Outgoing:
    """Send a manifest as it was put; which one, and whether, depends on Accept."""
    by_tag = bool(complaint(call.reference))
    digest = _tagged(call) if by_tag else call.reference
    if call.header("If-None-Match") in (digest, f'"{digest}"'):
        return answer(304)
    manifest = _stored(call, digest)
    accepted = _accepted(call)
    if manifest.media_type == OCI_MANIFEST and OCI_MANIFEST not in accepted:
        what = "OCI manifest found, but accept header does not support OCI manifests"
        raise refusal("MANIFEST_UNKNOWN", message=what)
    if by_tag and manifest.media_type == DOCKER_LIST and DOCKER_LIST not in accepted:
        manifest = _usual_child(call, manifest, accepted)
    return answer(
        200,
        ("Content-Length", str(len(manifest.body))),
        ("Content-Type", manifest.media_type),
        ("Docker-Content-Digest", manifest.digest),
        ("Etag", f'"{manifest.digest}"'),
        body=manifest.body,
    )


def delete(call: Call) -> Outgoing:
    """Remove a tag, or a manifest with the tags that name it."""
    if complaint(call.reference):
        if ":" in call.reference:
            raise _impossible_tag(call)
        if not call.store.delete_tag(call.name, call.reference):
            raise refusal("MANIFEST_UNKNOWN", f"unknown tag={call.reference}")
    elif not call.store.delete_manifest(call.name, call.reference):
        raise refusal("MANIFEST_UNKNOWN")
    return answer(202)


def _tagged(call: Call) -> str:
    if ":" in call.reference:
        raise _impossible_tag(call)
    digest = call.store.tagged(call.name, call.reference)
    if digest is None:
        raise refusal("MANIFEST_UNKNOWN", f"unknown tag={call.reference}")
    return digest


def _stored(call: Call, digest: str) -> StoredManifest:
    manifest = call.store.manifest(call.name, digest)
    if manifest is None:
        raise refusal("MANIFEST_UNKNOWN", f"unknown manifest name={call.name} revision={digest}")
    return manifest


def _accepted(call: Call) -> frozenset[str]:
    """Return the media types that the request names; wildcards are not looked at, as in distribution."""
    values = call.incoming.headers.all("Accept")
    return frozenset(parse_media_type(part) for value in values for part in value.split(","))


def _usual_child(call: Call, index: StoredManifest, accepted: frozenset[str]) -> StoredManifest:
    """Return the linux/amd64 image of a Docker list, for a client that does not know lists."""
    children = parse_manifest(index.media_type, index.body).references
    digest = next((child.digest for child in children if child.platform == _USUAL_PLATFORM), "")
    if not digest:
        raise refusal("MANIFEST_UNKNOWN")
    child = _stored(call, digest)
    if child.media_type == DOCKER_MANIFEST and DOCKER_MANIFEST not in accepted:
        raise refusal("MANIFEST_INVALID", message="Schema 2 manifest not supported by client")
    return child


def _impossible_tag(call: Call) -> Refusal:
    """Return what a broken digest is told: it is taken for a tag, and the colon makes no path of distribution's."""
    path = f"/docker/registry/v2/repositories/{call.name}/_manifests/tags/{call.reference}/current/link"
    return refusal("UNKNOWN", f"filesystem: invalid path: {path}")
