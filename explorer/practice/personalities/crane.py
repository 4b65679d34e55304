"""The test registry of go-containerregistry (`crane registry serve`), which many test suites talk to."""

from __future__ import annotations

from explorer.practice.answers import answer
from explorer.practice.call import Call
from explorer.practice.errors import Reply, View, refusal
from explorer.practice.identifiers import decimal
from explorer.practice.manner import ErrorManner, ListManner, ManifestManner, Manner, UploadManner
from explorer.wire.server import Outgoing


def _before(call: Call) -> Outgoing | None:
    """Do what that registry does otherwise: no status, no cancelling; an index needs its manifests."""
    if call.upload and call.incoming.method in ("GET", "HEAD", "DELETE"):
        raise refusal("name-invalid", "invalid digest")
    if call.path.endswith("/tags/list") and call.query.get("n", "").startswith("-"):
        return Outgoing(200, answer(200).headers, iter(()))  # its handler panics, so nothing comes but the end
    return None


MANNER = Manner(
    name="crane",
    imitates="go-containerregistry's test registry: takes nearly everything, decimal upload ids, JSON as text/plain.",
    source="gh:google/go-containerregistry at 3f4ff3c, observed",
    unknown="`n=-1` closes there without any byte, here after the head of an answer.",
    headers=(),
    relative=True,
    base_body=b"",
    before=_before,
    errors=ErrorManner(
        replies={
            "name-invalid": Reply(400, "NAME_INVALID"),
            "no-route": Reply(404, "METHOD_UNKNOWN", "We don't understand your method + url"),
            "reference-missing": Reply(404, "MANIFEST_UNKNOWN"),
        },
        view=View.NONE,
        content_type="text/plain; charset=utf-8",
    ),
    uploads=UploadManner(
        new_id=decimal,
        has_state=False,
        id_header="",
        mounts=False,
        created_location=False,
        algorithms=False,
        refused_location=False,
        patch_range=False,
        put_range=False,
    ),
    manifests=ManifestManner(
        checks_blobs=False, checks_digest=False, wants_accept=frozenset(), referrers=False, tag_parameters=0
    ),
    lists=ListManner(looks_ahead=False),
)
