"""Chunks: their size, their count, and registries that take them in their own way."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.families.ranges import range_of
from explorer.diagnoses.hashing import sent_sha256
from explorer.diagnoses.seen import Seen
from explorer.spec.ranges import bytes_received

_ECR_LEAST = 5 * 1024 * 1024
_ECR_MOST = 20_971_520


@rule(
    "patch-content-type",
    "decides",
    when="always",
    before=True,
    fix="Send Content-Type: application/octet-stream without parameters, or none at all.",
    covers=("unexplained-refusal", "storage-error", "body-eaten-as-form"),
    sources=("observed with distribution 2.8 and 3",),
)
def patch_content_type(seen: Seen) -> Iterator[Found]:
    """The PATCH has a Content-Type that is not exactly application/octet-stream: distribution answers 500 UNKNOWN.

    Parameters count, too. curl sends application/x-www-form-urlencoded with --data-binary where none is given.
    """
    kind = seen.q("Content-Type")
    if seen.method != "PATCH" or seen.kind != "upload" or not seen.is_in_trouble or not kind:
        return
    said = seen.says("bad Content-Type") or (seen.status == 500 and "UNKNOWN" in seen.codes)
    if kind != "application/octet-stream" and (said or seen.is_draft):
        yield Found(
            f"the PATCH has Content-Type: {kind}",
            seen.detail(),
            (seen.at_header("Content-Type"),),
            seen.with_header("Content-Type", "application/octet-stream"),
            "Content-Type: application/octet-stream",
        )


@rule(
    "chunk-too-small",
    "likely",
    fix="Make all chunks but the last at least as large as OCI-Chunk-Min-Length of the 202 says (ECR: 5 MiB to 20 "
    "MiB).",
    sources=("distribution-spec, spec.md, end-4a", "Amazon ECR API reference, UploadLayerPart"),
)
def chunk_too_small(seen: Seen) -> Iterator[Found]:
    """The chunk is smaller than the registry takes; only the last one may be."""
    if seen.method not in ("PATCH", "PUT") or seen.kind != "upload":
        return
    upload = seen.upload
    opened = seen.history.exchanges.get(upload.opened) if upload else None
    least = opened.response.headers.get("OCI-Chunk-Min-Length") if opened and opened.response else None
    said = seen.says("must be at least", "LayerPartTooSmall", "EntityTooSmall", "too small")
    if least and least.isdecimal() and 0 < seen.size < int(least[:18]) and seen.method == "PATCH":
        proof = (
            f"exchange {opened.id if opened else '?'} said OCI-Chunk-Min-Length: {least}; this chunk has "
            f"{seen.size:,} bytes"
        )
        yield Found("the chunk is smaller than the registry takes", proof, (seen.at_header("Content-Length"),))
    elif said and seen.is_refused:
        yield Found(
            "the chunk is smaller than the registry takes", seen.text[:160], (seen.at_body(),), certainty="decides"
        )


@rule(
    "chunk-too-large-416",
    "decides",
    fix="Make chunks of at most 4 MiB for GHCR (20 MiB for ECR), or send the blob whole in one PUT.",
    covers=("stale-location", "chunk-out-of-order"),
    sources=("ocx-sh/ocx#237", "Amazon ECR API reference, UploadLayerPart"),
)
def chunk_too_large_416(seen: Seen) -> Iterator[Found]:
    """The chunk is larger than the registry takes in one PATCH: GHCR answers 416 above 4 MiB and says so in words."""
    said = seen.says("4.00 MiB", "exceeds", "too large", "LayerPartTooLarge", "maximum chunk")
    if seen.method == "PATCH" and seen.status in (400, 416) and said and "RANGE_INVALID" not in seen.codes:
        yield Found(
            f"the chunk of {seen.size:,} bytes is larger than the registry takes in one PATCH",
            seen.text[:160],
            (seen.at_header("Content-Length"), seen.at_body()),
        )


@rule(
    "chunk-sent-twice",
    "likely",
    fix="Begin again with a new upload; after a chunk whose answer was lost ask the upload's status "
    "(GET) before sending it "
    "again, and send Content-Range, so that a registry that looks at it refuses what it has already.",
    covers=("digest-mismatch",),
    sources=("observed with distribution 2.8", "zot, source"),
)
def chunk_sent_twice(seen: Seen) -> Iterator[Found]:
    """The same bytes were sent by two PATCHes of this upload, and both were taken: they are in it twice."""
    upload = seen.upload
    if upload is None or "DIGEST_INVALID" not in seen.codes or seen.method != "PUT":
        return
    before: dict[str, int] = {}
    for event in upload.events:
        if event.method != "PATCH" or event.status >= 300 or not event.size:
            continue
        sha256 = sent_sha256(seen.history.exchanges[event.id])
        if sha256 and sha256 in before:
            yield Found(
                f"exchanges {before[sha256]} and {event.id} sent the same {event.size:,} bytes, and both were taken",
                f"the sha256 of both bodies is {sha256}; the upload holds {upload.accepted:,} bytes",
                (seen.at_query("digest"),),
                also=(before[sha256], event.id),
            )
            return
        before[sha256] = event.id


@rule(
    "ecr-patch-201",
    "hint",
    when="answered",
    fix="Take 201 as a success of PATCH, too.",
    sources=("openai/tart#273", "jdx/mise#11376", "regclient, source"),
)
def ecr_patch_201(seen: Seen) -> Iterator[Found]:
    """A PATCH was answered 201 where the specification has 202: ECR does that, and clients that insist on 202 stop."""
    if seen.method == "PATCH" and seen.kind == "upload" and seen.status in (200, 201, 204):
        yield Found(f"the PATCH was answered {seen.status}; the specification has 202", "", (seen.at_answer(),))


@rule(
    "range-not-advancing",
    "likely",
    who="registry",
    when="answered",
    fix="Count the bytes that were sent instead of reading Range, or send the blob in one PATCH or one PUT.",
    covers=("digest-mismatch",),
    sources=("aws/containers-roadmap#2831", "crashappsec/chalk#682", "regclient/regclient#961"),
)
def range_not_advancing(seen: Seen) -> Iterator[Found]:
    """The Range of this answer is the one before it, though bytes were sent: they were dropped, or the Range is false.

    ECR reports so after the second chunk; a client that trusts it sends the same bytes for ever, or a wrong blob.
    """
    upload, value = seen.upload, seen.r("Range")
    if (
        seen.method != "PATCH"
        or not seen.worked
        or upload is None
        or upload.said is None
        or value is None
        or not seen.size
    ):
        return
    before_id, before = upload.said
    if before != value or bytes_received(value) is None:
        return
    if seen.history.exchanges[before_id].request.method == "PATCH":
        yield Found(
            f"Range stayed at {value} though {seen.size:,} bytes were sent",
            f"exchange {before_id} was answered Range: {before}, and this one the same",
            (seen.at_answer("Range"),),
            also=(before_id,),
        )


@rule(
    "range-behind",
    "likely",
    who="registry",
    when="answered",
    fix="Go on from the byte after this Range, with the Location of this answer.",
    sources=("distribution-spec, spec.md, end-13",),
)
def range_behind(seen: Seen) -> Iterator[Found]:
    """The registry admits fewer bytes than were sent to it with success: the rest did not arrive, or was not kept."""
    upload, value = seen.upload, seen.r("Range")
    if (
        upload is None
        or value is None
        or seen.kind != "upload"
        or not seen.worked
        or seen.method not in ("PATCH", "GET")
    ):
        return
    admitted = bytes_received(value)
    sent = upload.accepted + (seen.size if seen.method == "PATCH" else 0)
    if admitted is None or not upload.opened or seen.history.recogniser.registry in ("Quay", "ECR"):
        return
    known = seen.knows("request.body") and all(event.size or event.method == "GET" for event in upload.events[1:])
    if admitted < sent and known and not (upload.said and upload.said[1] == value):
        yield Found(
            f"the registry has {admitted:,} bytes of the {sent:,} that were sent",
            f"Range: {value} means {admitted:,} bytes; the 2xx of this upload add up to {sent:,}",
            (seen.at_answer("Range"),),
        )


@rule(
    "chunked-unsupported",
    "likely",
    fix="Send the blob whole: POST, then one PUT with the body (--shape put here; oras and containerd do that by "
    "themselves).",
    sources=("kitops-ml/kitops#777", "dotnet/sdk-container-builds#287", "podman-container-tools/skopeo#1101"),
)
def chunked_unsupported(seen: Seen) -> Iterator[Found]:
    """The registry takes blobs whole and not in chunks: Google's Artifact Registry answers chunked PATCHes with an
    error.
    """
    is_google = seen.registry == "GAR" or "/artifacts-uploads/" in seen.target
    refused = seen.method == "PATCH" and seen.status in (400, 404, 405, 416, 500, 501)
    unsupported = "UNSUPPORTED" in seen.codes and seen.method == "PATCH"
    if (refused and is_google) or unsupported:
        yield Found(
            "the registry does not take a blob in chunks",
            f"PATCH was answered {seen.status}" + (" by Google's registry" if is_google else " UNSUPPORTED"),
            (seen.at_answer(),),
            certainty="likely" if range_of(seen) or unsupported else "hint",
        )


@rule(
    "acr-416-on-put",
    "hint",
    fix="Begin a new upload with POST; do not retry within the old one.",
    sources=("Azure/acr#866",),
)
def acr_416_on_put(seen: Seen) -> Iterator[Found]:
    """416 to a PUT whose token has Offset 0: an earlier attempt on the same upload had stored bytes, a client's retry.

    Seen with ACR; distribution behaves so, too.
    """
    if seen.method == "PUT" and seen.status == 416 and seen.state and seen.state.offset == 0:
        yield Found(
            "an earlier attempt on this upload stored bytes already",
            "the token decodes to Offset 0, and the registry says that the upload stands elsewhere",
            (seen.at_query("_state"), seen.at_answer()),
            certainty="likely" if seen.registry == "ACR" else "",
        )


@rule(
    "zot-chunked-put-ignored",
    "likely",
    fix="Send a Content-Length with the PUT, or send the bytes by PATCH before it.",
    covers=("digest-mismatch",),
    sources=("zot, source (UpdateBlobUpload, FinishBlobUpload)",),
)
def zot_chunked_put_ignored(seen: Seen) -> Iterator[Found]:
    """zot does not read the body of a PUT that has neither Content-Length nor Content-Range: it stores nothing of
    it.
    """
    chunked = (seen.q("Transfer-Encoding") or "").lower() == "chunked"
    if (
        seen.method == "PUT"
        and seen.kind == "upload"
        and chunked
        and "DIGEST_INVALID" in seen.codes
        and not seen.q("Content-Range")
    ):
        yield Found(
            "the chunked body of the PUT was not read",
            "Transfer-Encoding: chunked, no Content-Length, no Content-Range",
            (seen.at_header("Transfer-Encoding"),),
            certainty="likely" if seen.registry == "zot" else "hint",
        )
