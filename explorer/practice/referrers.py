"""`GET /v2/<name>/referrers/<digest>`: what refers to a manifest by its `subject` (distribution-spec, end-12)."""

from __future__ import annotations

import json
from bisect import bisect_right

from explorer.practice.answers import answer
from explorer.practice.call import Call
from explorer.practice.errors import refusal
from explorer.practice.urls import encode_path, encode_value, parse_number
from explorer.spec.media_types import INDEXES, OCI_INDEX
from explorer.wire.server import Outgoing

_MOST = 1000


def list_referrers(call: Call) -> Outgoing:
    """List the manifests whose subject a digest is, there or not; `artifactType` leaves only those of that type."""
    wanted = call.query.get("artifactType", "")
    found = [
        (digest, described)
        for digest, described in call.store.referrers(call.name, call.digest)
        if not wanted or described.get("artifactType") == wanted
    ]
    limit = _limit(call)
    begin = bisect_right([digest for digest, _ in found], call.query.get("last", ""))
    shown = found[begin : begin + limit]
    headers = [("Content-Type", OCI_INDEX)]
    if wanted:
        headers.append(("OCI-Filters-Applied", "artifactType"))
    if shown and begin + limit < len(found):
        headers.append(("Link", _next(call, wanted, shown[-1][0], limit)))
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [described for _, described in shown]}
    return answer(200, *headers, body=json.dumps(index, separators=(",", ":")).encode())


def _limit(call: Call) -> int:
    text = call.query.get("n", "")
    asked = parse_number(text) if text else _MOST
    if asked is None or asked < 1:
        raise refusal("page-number", {"n": text})
    return min(asked, _MOST)


def _next(call: Call, wanted: str, last: str, limit: int) -> str:
    words = [f"artifactType={encode_value(wanted)}"] if wanted else []
    words += [f"last={encode_value(last)}", f"n={limit}"]
    return f'<{encode_path(call.path)}?{"&".join(words)}>; rel="next"'


def describe(fields: dict[str, object], media_type: str, digest: str, size: int) -> dict[str, object]:
    """Return the descriptor that a manifest has in the list of its subject's referrers.

    Its artifactType is the manifest's, or else the media type of an image's config.
    """
    described: dict[str, object] = {"mediaType": media_type, "digest": digest, "size": size}
    kind = fields.get("artifactType")
    config = fields.get("config")
    if not kind and media_type not in INDEXES and isinstance(config, dict):
        kind = config.get("mediaType")
    if kind:
        described["artifactType"] = kind
    annotations = fields.get("annotations")
    if isinstance(annotations, dict) and annotations:
        described["annotations"] = annotations
    return described
