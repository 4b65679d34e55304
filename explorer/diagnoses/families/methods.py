"""Requests by a method that their endpoint does not have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen
from explorer.frozen import frozen
from explorer.model import Request
from explorer.spec.digests import is_digest

_READS = ("GET", "HEAD")


@frozen
class _Endpoint:
    """What an endpoint is called, which methods it has, and what is to be sent in place of another."""

    name: str
    methods: tuple[str, ...]
    instead: str


_ENDPOINTS = {
    "api": _Endpoint("the base of the API", _READS, "Ask it by GET."),
    "catalog": _Endpoint("the list of repositories", _READS, "Ask for it by GET."),
    "tags": _Endpoint("the list of tags", _READS, "Ask for it by GET; a tag is made by PUT …/manifests/TAG."),
    "referrers": _Endpoint("the list of referrers", _READS, "Ask for it by GET; it follows from the subjects."),
    "manifest": _Endpoint("a manifest", (*_READS, "PUT", "DELETE"), "A manifest is sent by PUT, whole."),
    "blob": _Endpoint(
        "a blob",
        (*_READS, "DELETE"),
        "Bytes go into an upload, not to the blob's own address: POST …/blobs/uploads/, then PUT to the Location that "
        "it answers, with digest= added.",
    ),
    "uploads": _Endpoint(
        "the place where uploads are opened",
        ("POST", *_READS),
        "Open an upload by POST first, then send the bytes to the Location that it answers; it has the upload's id.",
    ),
}
_EDIT_WORDS = {
    "blob": "POST …/blobs/uploads/ with the digest: the whole blob at once; where that is answered 202, go on by PUT",
    "uploads": "the same by POST, which opens an upload",
    "manifest": "the same by PUT",
}


@rule(
    "wrong-method",
    "decides",
    when="always",
    before=True,
    fix="Send what the endpoint takes; the specification's table of endpoints has the methods of each.",
    covers=(
        *("unsupported", "read-only", "verb-blocked", "upload-unknown", "upload-gone", "wrong-api-prefix"),
        *("delete-disabled", "pull-through-cache", "unexplained-refusal", "empty-answer", "manifest-missing"),
    ),
    sources=("distribution-spec, spec.md, Endpoints", "observed with distribution 2.8"),
)
def wrong_method(seen: Seen) -> Iterator[Found]:
    """The endpoint has no such method: nothing was sent to where it belongs, and no setting will change that.

    distribution answers 405 with Allow, or 404 BLOB_UPLOAD_UNKNOWN where an upload's id is missing from the path.
    """
    endpoint = _ENDPOINTS.get(seen.kind)
    if endpoint is None or not seen.method or seen.method in (*endpoint.methods, "OPTIONS", "CONNECT"):
        return
    if not seen.is_in_trouble or seen.exchange.error or seen.status in (401, 403, 407, 429) or seen.status >= 500:
        return
    allowed = seen.r("Allow")
    edit = _mended(seen)
    yield Found(
        f"{seen.method} went to {endpoint.name}, which does not have it",
        f"it has {', '.join(endpoint.methods)}" + (f"; the answer says Allow: {allowed}" if allowed else ""),
        (seen.at_target(), seen.at_answer("Allow" if allowed else "")),
        edit,
        _EDIT_WORDS.get(seen.kind, "") if edit else "",
        key=f"{seen.kind} {seen.method}",
        fix=endpoint.instead,
    )


def _mended(seen: Seen) -> Request | None:
    if seen.method not in ("PUT", "POST", "PATCH"):
        return None
    path, mark, query = seen.target.partition("?")
    if seen.kind == "manifest":
        return replace(seen.request, method="PUT")
    if seen.kind == "uploads":
        return replace(seen.with_target(f"{path.rstrip('/')}/{mark}{query}"), method="POST")
    if seen.kind == "blob" and is_digest(seen.named.reference):
        base = path[: path.rfind("/blobs/")]
        opened = seen.with_target(f"{base}/blobs/uploads/?digest={seen.named.reference}")
        return replace(opened, method="POST")
    return None


@rule(
    "post-to-upload",
    "likely",
    when="always",
    before=True,
    fix="Send bytes to the Location by PATCH, and close the upload by PUT with digest=, with the bytes or without.",
    covers=("upload-unknown", "unsupported", "verb-blocked", "unexplained-refusal", "status-unsupported"),
    sources=("distribution-spec, spec.md, Pushing blobs", "observed with distribution 2.8 and 3"),
)
def post_to_upload(seen: Seen) -> Iterator[Found]:
    """A POST went to an upload that is open: distribution answers 202 to it and opens another one, and the bytes that
    were sent are used by neither.
    """
    if seen.kind != "upload" or seen.method != "POST":
        return
    opened = seen.status == 202
    if not (opened or seen.is_draft or (seen.is_refused and seen.status in (400, 404, 405))):
        return
    method = "PUT" if seen.digest else "PATCH"
    other = seen.location_named.reference if opened else ""
    proof = f"the answer's Location is another upload, {other}" if other and other != seen.named.reference else ""
    yield Found(
        "the bytes were sent by POST to an upload, which takes PATCH and PUT"
        if seen.size
        else "POST went to an upload",
        proof or ("202 says that an upload is open, not that anything was stored" if opened else ""),
        (seen.at_target(), seen.at_answer("Location" if proof else "")),
        replace(seen.request, method=method),
        f"the same by {method}",
        key=seen.named.reference,
        certainty="decides" if proof or seen.is_draft else "",
    )
