"""Upload one manifest (distribution-spec, spec.md, "Pushing Manifests")."""

from __future__ import annotations

from explorer.flows import Flow
from explorer.flows.answers import accept, check_digest
from explorer.flows.referrers_tag import note_subject
from explorer.flows.requests import request
from explorer.model import Manifest, Origin, Step, wire_text

_STORED = (201, 200, 202, 204)


def push_manifest(origin: Origin, repository: str, manifest: Manifest, reference: str) -> Flow[str]:
    """Upload one manifest under a tag or its digest; every blob that it names must be there already.

    The digest is that of the bytes sent, so they go out exactly as they are. Returns how what it refers to can be asked
    for it, empty where it refers to nothing.
    """
    stored = yield Step(
        f"manifest {_short(reference)}: store",
        request(
            "PUT",
            origin,
            f"/v2/{repository}/manifests/{reference}",
            ("Content-Type", wire_text(manifest.media_type)),
            body=manifest.body,
        ),
        spec="end-7",
        why="Stores the manifest; its Content-Type must be the media type that the manifest itself names.",
        expects=_STORED,
    )
    check_digest(accept(stored, *_STORED), manifest.digest)
    return (yield from note_subject(origin, repository, manifest, stored))


def _short(reference: str) -> str:
    return reference if ":" not in reference else reference[:19] + "…"
