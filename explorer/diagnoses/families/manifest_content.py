"""What is in a manifest: digests that are none, sizes that are wrong, layers from elsewhere, two things in one."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.documents import body_of, document_of, named_in
from explorer.diagnoses.families.manifests import is_put
from explorer.diagnoses.hashing import pieces
from explorer.diagnoses.seen import Seen
from explorer.model import Place
from explorer.spec import media_types
from explorer.spec.digests import EMPTY_JSON, is_digest, why_not_a_digest

_FOREIGN = (
    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    "application/vnd.oci.image.layer.nondistributable.v1.tar",
)


def at_text(seen: Seen, text: str) -> Place:
    """Return the place of a text in the manifest that was sent."""
    at = body_of(seen).find(text.encode())
    return Place(seen.id, "request.body", "", max(at, 0), at + len(text.encode()) if at >= 0 else 0)


@rule(
    "bad-digest-inside",
    "decides",
    when="always",
    before=True,
    fix="Write whole digests into the manifest: sha256: and 64 lower-case hex digits.",
    covers=("manifest-blob-unknown", "storage-error", "unexplained-refusal", "index-child-unknown"),
    sources=("observed with distribution 3",),
)
def bad_digest_inside(seen: Seen) -> Iterator[Found]:
    """A digest in the manifest is none.

    distribution answers 500 with three errors, UNKNOWN, UNKNOWN "invalid checksum digest length" and
    MANIFEST_BLOB_UNKNOWN: the last one names the digest.
    """
    document = document_of(seen)
    if not is_put(seen):
        return
    bad = next((entry for entry in named_in(document) if not is_digest(entry.digest)), None) if document else None
    said = seen.says("invalid checksum digest length", "invalid checksum digest format", "unsupported digest algorithm")
    if bad is not None:
        yield Found(
            f"the digest of a {bad.role} in the manifest is none: {bad.digest[:80]}",
            f"{why_not_a_digest(bad.digest)}",
            (at_text(seen, bad.digest),),
        )
    elif said and document is None:
        yield Found("a digest in the manifest is none", seen.detail()[:160], (seen.at_body("invalid checksum"),))


@rule(
    "wrong-descriptor-size",
    "likely",
    when="always",
    before=True,
    lasting=True,
    fix="Write the blob's true size, in bytes, into the manifest; distribution takes a wrong one, and the pull fails.",
    sources=("observed with distribution 2.8 and 3", "image-spec, descriptor.md"),
)
def wrong_descriptor_size(seen: Seen) -> Iterator[Found]:
    """A size in the manifest is not the size of the blob, as it is known from this conversation.

    distribution checks only whether the blob is there, and answers 201; clients refuse the image when they pull it.
    """
    document = document_of(seen)
    if document is None or seen.method != "PUT" or not (seen.is_draft or seen.worked or seen.is_refused):
        return
    for entry in named_in(document):
        known = seen.history.present.get((seen.named.repository, entry.digest))
        true = 2 if entry.digest == EMPTY_JSON else known.size if known else -1
        if known is None and true < 0:
            continue
        if entry.size >= 0 and true > 0 and entry.size != true:
            by = f"exchange {known.exchange} ({known.how}) showed" if known else "it is known to have"
            yield Found(
                f"the size of a {entry.role} in the manifest is wrong",
                f"the manifest says {entry.size:,} bytes of {entry.digest}; {by} {true:,}",
                (at_text(seen, str(entry.size)), at_text(seen, entry.digest)),
                key=entry.digest,
            )


@rule(
    "foreign-layer-url",
    "decides",
    who="registry",
    fix="Allow the URLs (validation.manifests.urls.allow in distribution), or push the layer's bytes and leave "
    "urls out.",
    covers=("manifest-blob-unknown", "storage-error", "unexplained-refusal"),
    sources=("observed with distribution 3", "CVE-2020-15157"),
)
def foreign_layer_url(seen: Seen) -> Iterator[Found]:
    """A layer is said to lie elsewhere (urls), and the registry does not allow that URL, or misses one.

    A client must not send credentials to an address that a manifest names.
    """
    if seen.kind == "manifest" and seen.says("invalid URL on layer", "missing URL on layer", "invalid URL on blob"):
        document = document_of(seen)
        urls = [url for entry in named_in(document or {}) for url in entry.urls]
        yield Found(
            "a layer that lies elsewhere was refused",
            f"urls: {', '.join(urls[:2])}" if urls else seen.detail()[:160],
            (at_text(seen, urls[0]) if urls else seen.at_body("URL on"),),
        )


@rule(
    "layer-media-type",
    "hint",
    when="always",
    before=True,
    fix="Use types of one family: OCI layers in an OCI manifest, docker's in docker's.",
    sources=("image-spec, manifest.md", "observed with distribution 3"),
)
def layer_media_type(seen: Seen) -> Iterator[Found]:
    """Types of OCI and of docker are mixed in one manifest, which registries take and some tools do not."""
    document = document_of(seen)
    if document is None or seen.method != "PUT":
        return
    kind = str(document.get("mediaType") or seen.q("Content-Type") or "").partition(";")[0]
    other = (
        "application/vnd.docker."
        if "vnd.oci." in kind
        else "application/vnd.oci.image."
        if "vnd.docker." in kind
        else ""
    )
    odd = next(
        (e for e in named_in(document) if other and e.media_type.startswith(other) and e.role != "subject"), None
    )
    if odd:
        yield Found(
            f"a {odd.role} has the type {odd.media_type}, in a manifest of type {kind}",
            "",
            (at_text(seen, odd.media_type),),
        )


@rule(
    "type-against-bytes",
    "likely",
    when="always",
    before=True,
    lasting=True,
    fix="Write the media type that fits the bytes (…tar, …tar+gzip, …tar+zstd), or compress the layer as it says.",
    sources=("image-spec, layer.md",),
)
def type_against_bytes(seen: Seen) -> Iterator[Found]:
    """A layer's media type says another compression than its bytes have, as they were pushed in this conversation."""
    document = document_of(seen)
    if document is None or seen.method != "PUT":
        return
    for entry in named_in(document):
        if entry.role != "layer" or "tar" not in entry.media_type:
            continue
        known = seen.history.present.get((seen.named.repository, entry.digest))
        start = _first_bytes(seen, known.exchange) if known else b""
        if len(start) < 6:
            continue
        real = media_types.compression_of(start)
        said = next((name for name in ("gzip", "zstd") if entry.media_type.endswith((f"+{name}", f".{name}"))), "")
        if real != said:
            yield Found(
                f"a layer is said to be {said or 'plain tar'}, and its bytes are {real or 'not compressed'}",
                f"{entry.digest} begins {start[:4].hex(' ')}; its type is {entry.media_type}",
                (at_text(seen, entry.media_type),),
                key=entry.digest,
            )


def _first_bytes(seen: Seen, id: int) -> bytes:
    """Return the first bytes of a blob that was uploaded by an exchange, or by those that filled its upload."""
    exchange = seen.history.exchanges.get(id)
    if exchange is None or exchange.request.method not in ("PUT", "POST"):
        return b""
    upload = seen.history.uploads.find(exchange.request.target)
    ids = [event.id for event in upload.events if event.size] if upload else []
    first = (seen.history.exchanges.get(ids[0]) if ids else None) or exchange
    return next(iter(pieces(first.request.body, seen.may_read)), b"")[:8]


@rule(
    "manifest-and-index",
    "likely",
    when="always",
    before=True,
    fix="Refuse it: a document is either a manifest (config, layers) or an index (manifests).",
    sources=("CVE-2021-41190", "GHSA-mc8v-mgrf-8f4m"),
)
def manifest_and_index(seen: Seen) -> Iterator[Found]:
    """The document can be read as a manifest and as an index: what is pulled depends on who reads it."""
    document = document_of(seen)
    if document is not None and "manifests" in document and ("layers" in document or "config" in document):
        place = "request.body" if seen.method == "PUT" else "response.body"
        yield Found(
            "the document is a manifest and an index at once", "it has manifests and layers", (Place(seen.id, place),)
        )


@rule(
    "subject-not-processed",
    "hint",
    when="answered",
    fix="Write the referrers tag yourself: an index under sha256-HEX of the subject (flow referrers shows it).",
    sources=("distribution-spec, spec.md, Pushing Manifests with Subject", "observed with distribution 3"),
)
def subject_not_processed(seen: Seen) -> Iterator[Found]:
    """The manifest has a subject, and the 201 has no OCI-Subject: this registry has no referrers API."""
    document = document_of(seen)
    has_subject = document is not None and isinstance(document.get("subject"), dict)
    if (
        has_subject
        and seen.method == "PUT"
        and seen.status == 201
        and not seen.r("OCI-Subject")
        and seen.knows("response.headers")
    ):
        yield Found(
            "the registry did not take notice of the subject", "no OCI-Subject in the answer", (seen.at_answer(),)
        )
