"""Habits of one registry that make clients stumble."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.families.digests import is_close, whole_sha256
from explorer.diagnoses.seen import Seen


@rule(
    "ghcr-digest-invalid",
    "hint",
    who="registry",
    fix="Push the layer again, compressed anew; where the digest is right for the bytes, report it to GitHub with "
    "X-GitHub-Request-Id.",
    covers=("digest-mismatch",),
    sources=("podman-container-tools/skopeo#1239",),
)
def ghcr_digest_invalid(seen: Seen) -> Iterator[Found]:
    """GHCR answers DIGEST_INVALID without a detail to layers that other registries take."""
    is_silent = "DIGEST_INVALID" in seen.codes and is_close(seen) and not seen.detail()
    is_right = whole_sha256(seen) == seen.digest and bool(seen.digest)
    if is_silent and (seen.registry == "GHCR" or is_right):
        mark = seen.r("X-GitHub-Request-Id")
        proof = f"sha256 of the body is {seen.digest}, as the digest parameter says" if is_right else ""
        yield Found(
            "the digest is right, and the registry refuses it without saying why"
            if is_right
            else "GHCR does not say why",
            "; ".join(filter(None, (proof, f"X-GitHub-Request-Id: {mark}" if mark else ""))),
            (seen.at_body("DIGEST_INVALID"),),
            certainty="likely" if is_right else "",
            key=seen.digest,
        )


@rule(
    "nexus-missing-upload",
    "likely",
    who="registry",
    fix="Send each client to one node (sticky sessions), or give the nodes one blob store; for BuildKit, switch "
    "off cache pushes "
    "to see whether they cause it.",
    covers=("upload-unknown", "replica-split-storage", "unexplained-refusal"),
    sources=("sonatype/nexus-public#967", "sonatype/nexus-public#383", "sonatype/nexus-public#423"),
)
def nexus_missing_upload(seen: Seen) -> Iterator[Found]:
    """Nexus does not find the upload: another node has it, S3 ended early, or BuildKit pushed a cache.

    It answers 400 BLOB_UPLOAD_INVALID, and logs "missing upload with uuid".
    """
    said = seen.says("missing upload with uuid")
    by_code = (
        seen.registry == "Nexus"
        and seen.status in (400, 404)
        and seen.codes & {"BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN"}
    )
    if said or by_code:
        yield Found(
            "Nexus does not find the upload", seen.detail()[:160] or seen.text[:160], (seen.at_target(), seen.at_body())
        )


@rule(
    "quay-range-prefix",
    "hint",
    who="client",
    when="answered",
    fix="Read Range leniently: an optional bytes=, and an end of -1 for nothing yet.",
    sources=("Quay, source (blob.py)",),
)
def quay_range_prefix(seen: Seen) -> Iterator[Found]:
    """Range came as bytes=0--1: Quay's way to say that nothing has arrived yet; strict parsers stumble over it."""
    value = seen.r("Range") or ""
    if value.startswith("bytes=") and seen.status in (202, 204) and seen.kind in ("uploads", "upload"):
        yield Found(f"Range is {value}, which is not of the specification's form", "0-N is", (seen.at_answer("Range"),))


@rule(
    "range-not-of-the-form",
    "hint",
    who="registry",
    when="answered",
    fix="Read it leniently; report it to the registry's makers.",
    sources=("distribution-spec, spec.md, end-5",),
)
def range_not_of_the_form(seen: Seen) -> Iterator[Found]:
    """The Range of an upload's answer is not of the form 0-N."""
    value = seen.r("Range")
    if (
        value is None
        or seen.status not in (202, 204)
        or seen.kind not in ("uploads", "upload")
        or value.startswith("bytes=")
    ):
        return
    start, dash, end = value.partition("-")
    if not (dash and start == "0" and end.isdecimal()):
        yield Found(f"Range is {value}", "0-N was expected", (seen.at_answer("Range"),))
