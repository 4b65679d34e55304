"""zot, from its source: relative Locations without a query, empty bodies, a session known by its file alone."""

from __future__ import annotations

from explorer.practice.answers import answer
from explorer.practice.call import Call
from explorer.practice.errors import Fault, Reply, refusal
from explorer.practice.manner import ErrorManner, ManifestManner, Manner, UploadManner
from explorer.spec.media_types import OCI_INDEX, OCI_MANIFEST
from explorer.wire.server import Outgoing

_OCTETS = "application/octet-stream"


def _range(verb: str, size: int, _first: int) -> str:
    return "0-0" if verb == "POST" else f"0-{size - 1}"


def _described(element: dict[str, object], _fault: Fault) -> dict[str, object]:
    """Give a detail with a `description`, as zot's have it."""
    element["detail"] = {"description": element["message"]}
    return element


def _before(call: Call) -> Outgoing | None:
    """Check what zot's handlers check first."""
    method, kind = call.incoming.method, call.header("Content-Type")
    if len(call.values("digest")) > 1:
        return answer(400)
    if method == "POST" and call.path.endswith("/blobs/uploads/"):
        if "from" in call.query and "mount" not in call.query:
            return answer(405)
        if "digest" in call.query and kind != _OCTETS:
            return answer(415)
        if "digest" in call.query and call.incoming.body.length is None:
            raise refusal("upload-other", "a blob in one POST needs a Content-Length")
    if method == "PUT" and call.reference and kind not in MANNER.manifests.types:
        return answer(415)
    if method == "PUT" and call.upload and call.incoming.body.length is None and not call.header("Content-Range"):
        call.incoming.body.discard(1 << 62)  # neither Content-Length nor Content-Range: the body is not looked at
    return None


MANNER = Manner(
    name="zot",
    imitates="zot with deduplication on, and docker's media types off, as they are by default.",
    source="its source at 6d19b44 (read, not run)",
    unknown="The names and the order of most headers; the exact texts in details.",
    relative=True,
    base_body=b"",
    before=_before,
    errors=ErrorManner(
        replies={
            "algorithm-unknown": Reply(400, "DIGEST_INVALID"),
            "digest-missing": Reply(400, "DIGEST_INVALID"),
            "manifest-type": Reply(415, "MANIFEST_INVALID"),
            "range-length": Reply(416, "BLOB_UPLOAD_INVALID"),
            "range-out-of-order": Reply(416, "BLOB_UPLOAD_INVALID"),
            "range-syntax": Reply(416, "BLOB_UPLOAD_INVALID"),
            "reference-missing": Reply(400, "BLOB_UNKNOWN"),
            "upload-other": Reply(400, "BLOB_UPLOAD_INVALID"),
        },
        bare=frozenset(
            {"digest-missing", "digest-unparsable", "manifest-type", "page-number", "range-syntax", "blob-range"}
        ),
        unwrapped=frozenset({"unauthorized"}),
        edit=_described,
    ),
    uploads=UploadManner(
        has_state=False,
        id_header="Blob-Upload-UUID",
        id_on_post=False,
        ignores_from=True,
        range_of=_range,
        algorithms=False,
        refused_location=False,
    ),
    manifests=ManifestManner(
        types=frozenset({OCI_MANIFEST, OCI_INDEX}),
        wants_accept=frozenset(),
        tag_parameters=46,
    ),
)
