"""The manifest endpoints: PUT, GET, HEAD and DELETE, by tag and by digest."""

from __future__ import annotations

import re

from explorer.practice.accepting import is_accepted
from explorer.practice.answers import answer
from explorer.practice.call import Call
from explorer.practice.digests import complaint
from explorer.practice.errors import Refusal, refusal
from explorer.practice.manifest_rules import Descriptor, ParsedManifest, parse_manifest
from explorer.practice.reference_rules import check_references, check_references_as_distribution
from explorer.practice.referrers import describe
from explorer.practice.store import StoredManifest
from explorer.practice.urls import TAG
from explorer.spec.digests import digest_of
from explorer.spec.media_types import DOCKER_LIST, DOCKER_MANIFEST, INDEXES, OCI_INDEX
from explorer.wire.server import BodyTooLong, Outgoing

LONGEST_MANIFEST = 4 * 1024 * 1024
"""Longest manifest in bytes."""

_USUAL_PLATFORM = ("linux", "amd64")


def put(call: Call) -> Outgoing:
    """Store a manifest whose form is right and whose references are all there, and let the tags name it."""
    manner = call.manner.manifests
    try:
        body = call.incoming.body.read_all(LONGEST_MANIFEST)
    except BodyTooLong as long:
        why = f"a manifest may have {LONGEST_MANIFEST} bytes"
        raise refusal("manifest-too-big", why, "http: request body too large") from long
    manifest = parse_manifest(call.header("Content-Type"), body, manner.types, checks_lists=manner.checks_lists)
    digest, tags = _names_of(call, body)
    _check_references(call, manifest)
    _refuse_impossible_tag(call, f"index/{digest.replace(':', '/')}/link")
    described: dict[str, object] = {}
    if manner.referrers and manifest.subject:
        described = describe(manifest.fields, manifest.media_type, digest, len(body))
    stored = StoredManifest(digest, manifest.media_type, body)
    call.store.put_manifest(call.name, stored, manifest.subject if described else "", described)
    for tag in tags:
        call.store.put_tag(call.name, tag, digest)
    said = [("Docker-Content-Digest", digest), ("Location", call.url(f"manifests/{digest}"))]
    if described:
        said.append(("OCI-Subject", manifest.subject))
    if not _is_tag(call):
        said += [("OCI-Tag", tag) for tag in tags]
    return answer(201, *said)


def get(call: Call) -> Outgoing:
    """Send a manifest as it was put; which one, and whether, depends on Accept."""
    digest = _tagged(call) if _is_tag(call) else call.reference
    if call.header("If-None-Match") in (digest, f'"{digest}"'):
        return answer(304)
    manifest = _stored(call, digest)
    if _is_tag(call) and manifest.media_type == DOCKER_LIST and call.manner.manifests.list_fallback:
        if not _takes(call, DOCKER_LIST):
            manifest = _usual_child(call, manifest)
    elif _is_tag(call) and call.manner.manifests.schema_1 and _wants_schema_1(call, manifest):
        raise refusal("manifest-invalid", None, None, {})
    elif manifest.media_type in call.manner.manifests.wants_accept and not _takes(call, manifest.media_type):
        raise _not_acceptable(manifest.media_type)
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
    if not call.manner.manifests.deletes:
        raise refusal("delete-unsupported")
    if _is_tag(call):
        if not call.manner.manifests.tag_deletes:
            raise refusal("digest-unparsable", "tags cannot be deleted here, only manifests", None)
        _refuse_impossible_tag(call)
        if not call.store.delete_tag(call.name, call.reference):
            raise _unknown_tag(call)
    elif not call.store.delete_manifest(call.name, call.reference):
        raise refusal("manifest-unknown", f"unknown manifest {call.reference}", None)
    return answer(202)


def _is_tag(call: Call) -> bool:
    """Say whether the path names a tag; what looks like a digest and is none is taken for one, as in distribution."""
    wrong = complaint(call.reference)
    if wrong and ":" in call.reference and not call.manner.is_distribution:
        raise refusal("digest-unparsable", f"'{call.reference}' is no digest: {wrong}")
    return bool(wrong)


def _names_of(call: Call, body: bytes) -> tuple[str, list[str]]:
    """Return the digest of a manifest that is put, and the tags that shall name it."""
    manner = call.manner.manifests
    if _is_tag(call):
        return digest_of(body), [call.reference]
    algorithm = "sha256" if manner.sha256_only else call.reference.partition(":")[0]
    digest = digest_of(body, algorithm)
    if manner.checks_digest and digest != call.reference:
        what = f"the path says {call.reference}, and the body has {digest}"
        raise refusal("manifest-digest-mismatch", what, None)
    tags = list(dict.fromkeys(call.values("tag"))) if manner.tag_parameters else []
    if len(tags) > manner.tag_parameters:
        raise refusal("tags-too-many", f"{len(tags)} tags are given; at most {manner.tag_parameters} are taken")
    wrong = [tag for tag in tags if not re.fullmatch(TAG, tag)]
    if wrong:
        raise refusal("reference-invalid", f"'{wrong[0]}' is no tag")
    return call.reference, tags


def _check_references(call: Call, manifest: ParsedManifest) -> None:
    def is_there(wanted: Descriptor) -> bool:
        if manifest.media_type in INDEXES:
            return call.store.has_manifest(call.name, wanted.digest)
        return call.store.blob_size(call.name, wanted.digest) is not None

    if call.manner.is_distribution:
        check_references_as_distribution(manifest, is_there)
    else:
        manner = call.manner.manifests
        is_unchecked = not manner.checks_blobs and manifest.media_type not in INDEXES
        check_references(manifest, is_there, sparse=manner.sparse or is_unchecked)


def _tagged(call: Call) -> str:
    _refuse_impossible_tag(call)
    digest = call.store.tagged(call.name, call.reference)
    if digest is None:
        raise _unknown_tag(call)
    return digest


def _unknown_tag(call: Call) -> Refusal:
    return refusal("manifest-unknown", f"unknown tag={call.reference}", struct={"Tag": call.reference})


def _stored(call: Call, digest: str) -> StoredManifest:
    manifest = call.store.manifest(call.name, digest)
    if manifest is None:
        what = f"unknown manifest name={call.name} revision={digest}"
        raise refusal("manifest-unknown", what, struct={"Name": call.name, "Revision": digest})
    return manifest


def _takes(call: Call, media_type: str) -> bool:
    values = call.incoming.headers.all("Accept")
    return is_accepted(values, media_type, wildcards=call.manner.manifests.wildcards)


def _wants_schema_1(call: Call, manifest: StoredManifest) -> bool:
    return manifest.media_type == DOCKER_MANIFEST and not _takes(call, DOCKER_MANIFEST)


def _not_acceptable(media_type: str) -> Refusal:
    kind = "OCI index" if media_type == OCI_INDEX else "OCI manifest"
    plural = "OCI indexes" if media_type == OCI_INDEX else "OCI manifests"
    message = f"{kind} found, but accept header does not support {plural}" if "oci" in media_type else ""
    return refusal("manifest-not-acceptable", f"it is of {media_type}, which Accept does not name", None, None, message)


def _usual_child(call: Call, index: StoredManifest) -> StoredManifest:
    """Return the linux/amd64 image of a Docker list, for a client that does not know lists."""
    children = parse_manifest(index.media_type, index.body).references
    digest = next((child.digest for child in children if child.platform == _USUAL_PLATFORM), "")
    if not digest:
        raise refusal("manifest-unknown", "the list has no linux/amd64 in it, and Accept names no lists", None)
    child = _stored(call, digest)
    if child.media_type == DOCKER_MANIFEST and not _takes(call, DOCKER_MANIFEST):
        what = "Schema 2 manifest not supported by client"
        raise refusal("manifest-invalid", None, None, {}, "" if call.manner.manifests.schema_1 else what)
    return child


def _refuse_impossible_tag(call: Call, file: str = "current/link") -> None:
    """Tell a broken digest what distribution does: it is taken for a tag, and the colon makes no path of its store."""
    if _is_tag(call) and ":" in call.reference:
        path = f"/docker/registry/v2/repositories/{call.name}/_manifests/tags/{call.reference}/{file}"
        raise refusal("unknown", f"filesystem: invalid path: {path}", struct={"Path": path, "DriverName": "filesystem"})
