"""Upload one manifest from a file."""

from __future__ import annotations

import json

from explorer.errors import InputError, Stuck
from explorer.flows import Flow
from explorer.flows.answers import answered, check_digest
from explorer.flows.declared import TARGET, Argument, Arguments, Kind, flow
from explorer.flows.referrers_tag import note_subject
from explorer.flows.requests import request
from explorer.model import Manifest, Response, Slice
from explorer.spec.digests import digest_of
from explorer.spec.locations import append_query
from explorer.spec.references import check_tag

_FILE = Argument("file", Kind.DOCUMENT, "the manifest; its exact bytes are sent", required=True)
_TYPE = Argument("type", Kind.TEXT, "Content-Type; the mediaType within the file where it is not said")
_TAG = Argument("tag", Kind.TEXTS, "a further tag (tag=, end-7b), where the target is a digest")


@flow(
    "push-manifest",
    "F14",
    "F15",
    "F20",
    arguments=(TARGET, _FILE, _TYPE, _TAG),
    example="push-manifest localhost:5000/demo/app:v1 manifest.json",
)
def push_one_manifest(arguments: Arguments) -> Flow[str]:
    """Upload one manifest under a tag or a digest; what it names must be there already.

    PUT /v2/NAME/manifests/REFERENCE (end-7). 201 with Docker-Content-Digest. With `tag` and a digest as reference, a
    registry of OCI 1.2 makes those tags too and names them in OCI-Tag. A manifest with `subject` is answered with
    OCI-Subject where the registry keeps referrers; where it is not, the index under the referrers' tag is got (end-3),
    added to and stored (end-7).
    """
    target = arguments.target
    path = f"/v2/{target.repository}/manifests/{target.reference}"
    for tag in arguments.texts("tag"):
        path = append_query(path, f"tag={check_tag(tag)}")
    manifest = arguments.file("file")
    kind = arguments.text("type") or _own_type(manifest)
    stored = yield from answered(
        "store the manifest",
        request("PUT", target.origin, path, ("Content-Type", kind), body=manifest),
        spec="end-7b" if arguments.texts("tag") else "end-7a",
        why="Stores the manifest; its Content-Type must be the media type that the manifest itself names.",
        expects=(201, 200, 202, 204),
    )
    answer = stored.response
    if answer is None:
        raise Stuck("There is no answer to go on from.")
    if ":" in target.reference:
        found = digest_of(manifest, target.reference.partition(":")[0]) if isinstance(manifest, bytes) else ""
        if found and found != target.reference:
            raise Stuck(f"The manifest was taken as {target.reference}, but its bytes have the digest {found}.")
        check_digest(answer, target.reference)
    body = manifest if isinstance(manifest, bytes) else b""
    digest = target.reference if ":" in target.reference else digest_of(body)
    subject = yield from note_subject(target.origin, target.repository, Manifest(digest, kind, body), stored)
    said = answer.headers.get("Docker-Content-Digest") or "stored"
    return "; ".join(filter(None, (said, _tags(answer, arguments.texts("tag")), subject)))


def _tags(answer: Response, wanted: tuple[str, ...]) -> str:
    """Return which further tags the registry made, and which not."""
    made = [tag.strip() for line in answer.headers.all("OCI-Tag") for tag in line.split(",")]
    lacking = [tag for tag in wanted if tag not in made]
    words = f"tags {', '.join(made)}" if made else ""
    why = "it does not know tag=" if not made else "they are not in its OCI-Tag"
    return "; ".join(filter(None, (words, f"not tagged {', '.join(lacking)}: {why}" if lacking else "")))


def _own_type(manifest: bytes | Slice) -> str:
    """Return the media type that a manifest names itself; raises InputError where it names none."""
    try:
        value = json.loads(manifest) if isinstance(manifest, bytes) else None
    except (ValueError, RecursionError):
        value = None
    kind = value.get("mediaType") if isinstance(value, dict) else None
    if not isinstance(kind, str) or not kind:
        raise InputError("The manifest names no mediaType itself; say which it is with --type.")
    return kind
