"""Pulls: content that is not what its digest says, types that are not accepted, what is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.documents import document_of
from explorer.diagnoses.hashing import pieces
from explorer.diagnoses.seen import Seen
from explorer.model import Slice, Unkept, body_size, sha256_of
from explorer.spec import media_types
from explorer.spec.digests import is_digest

ALL_TYPES = ", ".join(media_types.MANIFESTS)


@rule(
    "accept-missing",
    "decides",
    when="always",
    fix=f"Send Accept with every type that you can read: {ALL_TYPES}.",
    covers=("manifest-missing",),
    sources=("distribution-spec, spec.md, end-3", "observed with distribution 2.8 and 3"),
)
def accept_missing(seen: Seen) -> Iterator[Found]:
    """The manifest is there, and its type is not in Accept: distribution does not read wildcards.

    curl sends Accept: */*, and gets 404 MANIFEST_UNKNOWN "OCI manifest found, but accept header does not support OCI
    manifests".
    """
    said = seen.says("accept header does not support", "not supported by client")
    if seen.kind == "manifest" and seen.method in ("GET", "HEAD") and seen.status >= 400 and said:
        yield Found(
            "the manifest's type is not in Accept",
            f"Accept is {seen.q('Accept') or 'not sent'}; the answer says: {_message(seen)}",
            (seen.at_header("Accept"), seen.at_body("accept header")),
            seen.with_header("Accept", ALL_TYPES),
            "Accept with all four types",
        )
    elif seen.kind == "manifest" and seen.method == "GET" and "MANIFEST_INVALID" in seen.codes:
        yield Found(
            "the registry could not write this manifest in the old form that Accept leaves it with",
            f"Accept is {seen.q('Accept') or 'not known'}; the answer says: {_message(seen)}",
            (seen.at_header("Accept"), seen.at_body()),
            seen.with_header("Accept", ALL_TYPES),
            "Accept with all four types",
            certainty="likely",
            cause="Where Accept lacks the manifest's type, distribution 2 turns an image of schema 2 into schema 1, "
            "for which it reads the config; a config that is none of an image's is answered 400 MANIFEST_INVALID.",
            otherwise=("the manifest that the registry has stored is broken",),
            experiment="ask again with the type in Accept",
        )


def _message(seen: Seen) -> str:
    return seen.errors[0].message if seen.errors else seen.text[:120]


@rule(
    "manifest-missing",
    "likely",
    fix="Check name and tag (GET /v2/NAME/tags/list lists them); with distribution, send Accept with all manifest "
    "types.",
    sources=("distribution-spec, spec.md, end-3",),
)
def manifest_missing(seen: Seen) -> Iterator[Found]:
    """The repository has no such tag or manifest; distribution says so for repositories that do not exist, too."""
    is_fallback = re.fullmatch(r"sha(256|512)-[0-9a-f]{64}", seen.named.reference) is not None
    asked = seen.kind == "manifest" and seen.method == "GET" and seen.status == 404 and not is_fallback
    if asked and (seen.codes & {"MANIFEST_UNKNOWN", "NAME_UNKNOWN", "NOT_FOUND", "TAG_EXPIRED"} or not seen.text):
        generic = (seen.q("Accept") or "*/*").strip() == "*/*" and seen.knows("request.headers")
        yield Found(
            f"{seen.named.repository} has no {seen.named.reference}",
            _message(seen),
            (seen.at_target(),),
            otherwise=("accept-missing: its type is not in Accept",) if generic else (),
            experiment=f"curl -I -H 'Accept: {ALL_TYPES}' URL" if generic else "",
            key=f"{seen.named.repository}@{seen.named.reference}",
            consequence_of=seen.history.failures_of("PUT", seen.target.partition("?")[0]),
        )


@rule(
    "blob-missing",
    "likely",
    who="registry",
    fix="Push the image again, so that the blob is uploaded; look for a deletion or a garbage collection in between.",
    sources=("distribution-spec, spec.md, end-2",),
)
def blob_missing(seen: Seen) -> Iterator[Found]:
    """The repository does not have the blob that a manifest names."""
    if seen.kind == "blob" and seen.method in ("GET", "DELETE") and seen.status == 404:
        if (seen.named.repository, seen.named.reference) in seen.history.present and seen.method == "GET":
            return
        yield Found(
            f"{seen.named.repository} has no blob {seen.named.reference}",
            _message(seen),
            (seen.at_target(),),
            key=seen.named.reference,
            consequence_of=seen.history.failures_of("blob", seen.named.repository, seen.named.reference),
        )


@rule(
    "content-not-its-digest",
    "decides",
    who="registry",
    when="answered",
    fix="Do not use the bytes. Pull again past proxies and caches; where they stay wrong, the registry's storage "
    "is damaged: push "
    "the blob again.",
    sources=("distribution-spec, spec.md, Pulling blobs", "image-spec, descriptor.md"),
)
def content_not_its_digest(seen: Seen) -> Iterator[Found]:
    """What came does not hash to the digest that it was asked for by: it is cut off, damaged, or something else."""
    answer, digest = seen.response, seen.named.reference
    asked_by_digest = seen.kind in ("blob", "manifest") and is_digest(digest) and digest.startswith("sha256:")
    if answer is None or seen.method != "GET" or seen.status != 200 or not asked_by_digest or seen.exchange.error:
        return
    if not seen.knows("response.body") or seen.r("Content-Encoding"):
        return
    own = _own_sha256(seen)
    if own and f"sha256:{own}" != digest:
        declared = seen.r("Content-Length")
        cut = f"; {body_size(answer.body):,} bytes came, and Content-Length says {declared}" if declared else ""
        yield Found(
            "what came is not what its digest says",
            f"sha256 of the answer's body is {own}, and {digest} was asked for{cut}",
            (seen.at_target(), replace(seen.at_body(), start=0, end=0)),
            key=digest,
        )


def _own_sha256(seen: Seen) -> str:
    body = seen.response.body if seen.response else b""
    declared = seen.r("Content-Length")
    if seen.exchange.basis != "observed" and declared != str(body_size(body)):
        return ""
    match body:
        case bytes():
            return sha256_of(body) if body or seen.exchange.basis == "observed" else ""
        case Unkept(sha256=known):
            return known
        case Slice(sha256=known):
            return known or ""


@rule(
    "wrong-digest-header",
    "likely",
    who="registry",
    when="answered",
    fix="Trust the hash of the bytes and not the header; something in front rewrites the body or mixes answers up.",
    sources=("distribution-spec, spec.md, Pulling manifests",),
)
def wrong_digest_header(seen: Seen) -> Iterator[Found]:
    """Docker-Content-Digest is not the digest of the content: not of what came, or not of what was sent or asked
    for.
    """
    said = seen.r("Docker-Content-Digest") or ""
    if not seen.worked or not said.startswith("sha256:") or seen.exchange.error or seen.r("Content-Encoding"):
        return
    asked = (
        seen.named.reference if seen.kind in ("blob", "manifest") and is_digest(seen.named.reference) else seen.digest
    )
    true = asked if asked.startswith("sha256:") else ""
    if (
        not true
        and seen.kind == "manifest"
        and seen.method == "GET"
        and seen.status == 200
        and seen.knows("response.body")
    ):
        true = f"sha256:{_own_sha256(seen)}" if _own_sha256(seen) else ""
    if not true and seen.kind == "manifest" and seen.method == "PUT":
        from_body = next(iter(pieces(seen.request.body, may_read=False)), b"")
        true = f"sha256:{sha256_of(from_body)}" if from_body else ""
    if not is_digest(said):
        yield Found(f"Docker-Content-Digest is no digest: {said[:80]}", "", (seen.at_answer("Docker-Content-Digest"),))
    elif true and said != true:
        yield Found(
            "Docker-Content-Digest is not the digest of the content",
            f"it says {said}; the content's is {true}",
            (seen.at_answer("Docker-Content-Digest"),),
            key=true,
        )


@rule(
    "blob-size-wrong",
    "likely",
    who="registry",
    when="answered",
    fix="Pull the blob and hash it: where the hash is right, the manifest's size is wrong; else the blob is.",
    sources=("image-spec, descriptor.md",),
)
def blob_size_wrong(seen: Seen) -> Iterator[Found]:
    """The size that the registry gives for a blob is not the one that it was uploaded with."""
    known = seen.history.present.get((seen.named.repository, seen.named.reference))
    declared = seen.r("Content-Length") or ""
    if seen.kind != "blob" or seen.status != 200 or known is None or known.size <= 0 or not declared.isdecimal():
        return
    if int(declared[:18]) != known.size and known.how.startswith("PUT") and seen.method == "HEAD":
        yield Found(
            f"the registry says the blob has {int(declared[:18]):,} bytes",
            f"exchange {known.exchange} uploaded {known.size:,}",
            (seen.at_answer("Content-Length"),),
            key=seen.named.reference,
        )


@rule(
    "range-not-satisfiable",
    "decides",
    fix="Ask for a range within the blob (bytes=FIRST-LAST, LAST below its size); 416 says the size after the '*/'.",
    sources=("RFC 9110, 15.5.17", "observed with distribution 3"),
)
def range_not_satisfiable(seen: Seen) -> Iterator[Found]:
    """The part of the blob that was asked for is not within it: what is there already is whole, or another blob's."""
    if seen.kind == "blob" and seen.status == 416:
        size = (seen.r("Content-Range") or "").partition("/")[2]
        yield Found(
            f"the range {seen.q('Range')} is not within the blob",
            f"the blob has {size} bytes" if size else "",
            (seen.at_header("Range"), seen.at_answer()),
            seen.without_header("Range"),
            "no Range",
        )


@rule(
    "wrong-content-type-answered",
    "likely",
    who="registry",
    when="answered",
    fix="Let the registry's Content-Type through unchanged; clients choose by it how to read a manifest.",
    sources=("distribution-spec, spec.md, end-3", "CVE-2021-41190"),
)
def wrong_content_type_answered(seen: Seen) -> Iterator[Found]:
    """The manifest came with a Content-Type that is not the one that its mediaType says."""
    if seen.kind != "manifest" or seen.method != "GET" or seen.status != 200:
        return
    kind = (seen.r("Content-Type") or "").partition(";")[0].strip()
    found = re.match(r"application/vnd\.[\w.+-]+", _said_type(seen))
    if kind and found and found[0] != kind and seen.response and not kind.startswith("text/html"):
        yield Found(
            f"the manifest came as {kind}, and says of itself {found[0]}",
            "mediaType and Content-Type must be the same",
            (seen.at_answer("Content-Type"), seen.at_body(found[0])),
        )


def _said_type(seen: Seen) -> str:
    document = document_of(seen) or {}
    return str(document.get("mediaType", ""))
