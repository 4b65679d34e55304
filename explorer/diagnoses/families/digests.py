"""Digests that are missing, malformed, or of other bytes than those that were sent; and the usual reasons why."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.hashing import pieces, sent_sha256
from explorer.diagnoses.seen import Seen
from explorer.model import Request
from explorer.spec.digests import is_digest, why_not_a_digest
from explorer.spec.locations import append_query

REASONS = (
    "digest-of-uncompressed: the digest is of the unpacked layer",
    "body-eaten-as-form: a form's Content-Type made the body go away",
    "curl-d-strips-newlines: curl -d left out line ends",
    "content-length-short: only a part of the body was sent",
)
"""What a digest that is not of the bytes usually comes from."""


def is_close(seen: Seen) -> bool:
    """Say whether this closes an upload, or stores a blob in one POST."""
    is_upload = seen.kind == "upload" or bool(seen.variable and seen.digest)
    return (is_upload and seen.method == "PUT") or (seen.kind == "uploads" and bool(seen.digest))


def is_mismatch(seen: Seen) -> bool:
    """Say whether the registry says that the digest is not of the bytes."""
    if not is_close(seen) or not is_digest(seen.digest):
        return False
    said = "DIGEST_INVALID" in seen.codes or seen.says("does not match digest", "digest mismatch", "did not match")
    if not seen.is_draft:
        return seen.is_refused and said
    # What a finished upload held is a blob by now: nothing more comes together there.
    is_over = bool(seen.upload and seen.upload.finished)
    return not is_over and bool(whole_sha256(seen)) and whole_sha256(seen) != seen.digest


def whole_sha256(seen: Seen) -> str:
    """Return the digest of everything that the upload would hold after this request; empty where it is not known."""
    if not seen.digest.startswith("sha256:"):
        return ""
    upload = seen.upload
    if upload is None or not upload.accepted:
        own = sent_sha256(seen.exchange)
        return f"sha256:{own}" if own and is_close(seen) and not _sent_before(seen) else ""
    if not seen.size and len([e for e in upload.events if e.method == "PATCH" and e.status < 300]) == 1:
        patch = seen.history.exchanges[upload.accepted_from]
        own = sent_sha256(patch)
        return f"sha256:{own}" if own else ""
    return ""


def _sent_before(seen: Seen) -> bool:
    """Say whether the upload may hold bytes that the evidence does not show."""
    return (
        (seen.kind == "upload" or bool(seen.variable))
        and (seen.upload is None or not seen.upload.opened)
        and not (seen.state and seen.state.offset == 0)
    )


def with_digest(seen: Seen, digest: str) -> Request:
    """Return the request with another digest in its query."""
    place = seen.at_query("digest")
    if place.end:
        return seen.with_target(seen.target[: place.start] + digest + seen.target[place.end :])
    return seen.with_target(append_query(seen.target, f"digest={digest}"))


@rule(
    "digest-missing",
    "decides",
    when="always",
    before=True,
    fix="Add digest=sha256:… of the whole blob to the closing PUT's query; the upload is still there, and the "
    "Location good.",
    covers=("unexplained-refusal",),
    sources=("distribution-spec, spec.md, end-6", "observed with distribution 3", "Quay and zot, source"),
)
def digest_missing(seen: Seen) -> Iterator[Found]:
    """The PUT that closes the upload has no digest in its query."""
    says_so = seen.says("digest missing", "Missing digest arg")
    if says_so and not seen.knows("request.method"):
        yield Found("the closing PUT has no digest", seen.detail(), (seen.at_body(seen.detail()),))
    said = says_so or (seen.is_refused and seen.status == 400)
    if seen.kind != "upload" or seen.method != "PUT" or seen.digest or "digest=" in seen.target:
        return
    if said or seen.is_draft:
        known = whole_body_digest(seen)
        edit = seen.with_target(append_query(seen.target, f"digest={known}")) if known else None
        yield Found("the closing PUT has no digest", seen.detail(), (seen.at_target(),), edit, f"digest={known}")


def whole_body_digest(seen: Seen) -> str:
    """Return the digest of all that the upload holds, where it came in one piece that is known."""
    upload = seen.upload
    if seen.size and (upload is None or not upload.accepted):
        own = sent_sha256(seen.exchange)
        return f"sha256:{own}" if own else ""
    patches = [e for e in upload.events if e.method == "PATCH" and e.status < 300] if upload else []
    if len(patches) == 1 and not seen.size:
        own = sent_sha256(seen.history.exchanges[patches[0].id])
        return f"sha256:{own}" if own else ""
    return ""


@rule(
    "digest-unparsable",
    "decides",
    when="always",
    before=True,
    fix="Write sha256: and the 64 lower-case hex digits of the whole blob's sha256 (sha256sum FILE prints them).",
    covers=("digest-mismatch", "unexplained-refusal"),
    sources=("distribution-spec, spec.md, Digests", "observed with distribution 2.8 and 3"),
)
def digest_unparsable(seen: Seen) -> Iterator[Found]:
    """The digest in the query is none: no algorithm in front, upper-case hex, a wrong length, md5."""
    digest = seen.digest
    if not seen.knows("request.method") and seen.detail("DIGEST_INVALID") == "digest parsing failed":
        yield Found("what was given as the digest is none", seen.detail(), (seen.at_body(seen.detail()),))
    if not digest or not is_close(seen) or is_digest(digest) or not seen.is_in_trouble or not seen.tells(digest):
        return
    low = f"sha256:{digest.rpartition(':')[2].lower()}"
    edit = with_digest(seen, low) if is_digest(low) and not digest.startswith(("md5", "sha1:")) else None
    yield Found(
        f"'{digest[:90]}' is no digest: {why_not_a_digest(digest)}",
        seen.detail(),
        (seen.at_query("digest"),),
        edit,
        f"digest={low}",
    )


@rule(
    "digest-mismatch",
    "decides",
    when="always",
    before=True,
    fix="Hash exactly the bytes that are sent, all of them and nothing else, and give that digest.",
    covers=("unexplained-refusal",),
    sources=("distribution-spec, spec.md, end-6", "observed with distribution 2.8 and 3"),
)
def digest_mismatch(seen: Seen) -> Iterator[Found]:
    """The digest in the query is not the one of the bytes that the registry holds.

    Compare four things: the sha256 of the bytes sent, of the file, the digest in the query, and the lengths.
    """
    if not is_mismatch(seen):
        return
    own = whole_sha256(seen)
    proof = f"sha256 of the body is {own}, the digest parameter says {seen.digest}" if own else _sizes(seen)
    if own == seen.digest:
        yield Found(
            "what arrived is not what was sent",
            f"sha256 of the body is {own}, as the digest parameter says: what arrived differs from what was sent",
            (seen.at_query("digest"),),
            key=seen.digest,
            who="proxy",
            fix="Let what stands in front hand the body on as it is: no proxy_pass_request_body off or "
            "mirror in nginx, no "
            "filter, no unpacking of what is compressed. Without a proxy look at the registry's disk.",
            experiment="send the same to the registry's own port, past the proxy: where it works there, "
            "the proxy is it",
        )
        return
    yield Found(
        "the digest is not of these bytes",
        proof,
        (seen.at_query("digest"),),
        with_digest(seen, own) if own else None,
        f"digest={own}" if own else "",
        key=seen.digest,
        otherwise=(_OF_COMPRESSED,) if own and _is_tar(seen) else () if own else REASONS,
        experiment="sha256sum FILE; wc -c FILE: compare with digest= and with the Content-Length that was sent",
    )


_OF_COMPRESSED = (
    "digest-of-uncompressed: the body is plain tar; where the digest is of the compressed layer, send that one instead"
)


def _is_tar(seen: Seen) -> bool:
    start = next(iter(pieces(seen.request.body, seen.may_read)), b"")
    return start[257:262] == b"ustar"


def _sizes(seen: Seen) -> str:
    upload = seen.upload
    before = f"{upload.accepted:,} bytes were accepted before, " if upload and upload.accepted else ""
    sent = (
        f"{seen.size:,} bytes were sent with this request"
        if seen.knows("request.body")
        else "its body is not in the evidence"
    )
    empty = (
        " (of no bytes at all it would be e3b0c442…b855)"
        if seen.knows("request.body") and not seen.size and not before
        else ""
    )
    return f"the registry compared {seen.digest} with what it holds: {before}{sent}{empty}"
