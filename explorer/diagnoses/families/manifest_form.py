"""The form of a manifest: JSON or not, its size, its digest, its schema; and the tag that it goes under."""

from __future__ import annotations

import json
from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.documents import body_of, document_of
from explorer.diagnoses.families.manifests import SCHEMA_1, bare, is_put
from explorer.diagnoses.hashing import sent_sha256
from explorer.diagnoses.seen import Seen
from explorer.model import Place, body_size

LARGEST = 4 * 1024 * 1024


@rule(
    "manifest-not-json",
    "decides",
    when="always",
    before=True,
    fix="Send the manifest's bytes as the body; with curl: --data-binary @manifest.json.",
    covers=("unexplained-refusal", "content-length-short"),
    sources=("observed with distribution 2.8 and 3",),
)
def manifest_not_json(seen: Seen) -> Iterator[Found]:
    """What was put is no JSON, or is cut off, or nothing at all.

    3.x quotes Go's words ("invalid character", "unexpected end of JSON input"), 2.x answers {"Offset": N}.
    """
    if not is_put(seen) or (seen.errors and "MANIFEST_INVALID" not in seen.codes):
        return
    said = seen.says("invalid character", "unexpected end of JSON input", '"Offset"', "cannot unmarshal")
    if not seen.knows("request.body") and not (said and "MANIFEST_INVALID" in seen.codes):
        return
    body = seen.request.body
    where = ""
    if isinstance(body, bytes) and (seen.exchange.basis == "observed" or body):
        try:
            json.loads(body)
        except RecursionError:
            where = "it is nested too deeply"
        except ValueError as bad:
            where = (
                f"the body has {len(body):,} bytes, and reading it stops: {bad}" if body else "the body has no bytes"
            )
    if where or (said and "MANIFEST_INVALID" in seen.codes):
        if seen.status not in (0, 400):
            return
        yield Found("the manifest is no JSON", where or seen.detail()[:160], (Place(seen.id, "request.body"),))


@rule(
    "manifest-too-big",
    "decides",
    when="always",
    before=True,
    fix="Keep manifests below 4 MiB: move long annotations into a blob.",
    covers=("unexplained-refusal", "registry-413"),
    sources=("distribution-spec, spec.md, Pushing Manifests", "observed with distribution 3", "zot, source"),
)
def manifest_too_big(seen: Seen) -> Iterator[Found]:
    """The manifest is larger than registries take: 4 MiB (4,194,304 bytes). distribution answers 400, others 413."""
    size = max(body_size(seen.request.body), seen.size)
    said = seen.says("request body too large", "manifest too big", "manifest is too large")
    if is_put(seen) and (size > LARGEST or said) and seen.status in (0, 400, 413):
        yield Found(
            f"the manifest has {size:,} bytes", f"at most {LARGEST:,} are taken", (Place(seen.id, "request.body"),)
        )


@rule(
    "manifest-digest-mismatch",
    "decides",
    when="always",
    before=True,
    fix="Put it under the digest of exactly the bytes that are sent, or under a tag.",
    covers=("unexplained-refusal",),
    sources=(
        "distribution/distribution#2098",
        "opencontainers/distribution-spec#333",
        "observed with distribution 2.8 and 3",
    ),
)
def manifest_digest_mismatch(seen: Seen) -> Iterator[Found]:
    """The manifest was put under a digest that is not of its bytes: 400 DIGEST_INVALID, without a detail.

    A line feed more, JSON that was parsed and written again, or sha512, which distribution does not take here.
    """
    reference, own = seen.named.reference, sent_sha256(seen.exchange)
    if not is_put(seen) or ":" not in reference or seen.status not in (0, 400):
        return
    if own and reference != f"sha256:{own}" and reference.startswith("sha256:"):
        target = seen.target.replace(reference, f"sha256:{own}", 1)
        yield Found(
            "the manifest was put under a digest that is not of its bytes",
            f"sha256 of the body is {own}, the path says {reference}",
            (seen.at_target(),),
            seen.with_target(target) if target != seen.target else None,
            f"under sha256:{own}",
        )
    elif "DIGEST_INVALID" in seen.codes and reference == f"sha256:{own}":
        yield Found(
            "the manifest that arrived is not the one that was sent",
            f"sha256 of the body is {own}, as the path says",
            (seen.at_target(), seen.at_body("DIGEST_INVALID")),
            who="proxy",
            fix="Let nothing in front parse manifests and write them anew; their bytes must stay as they are.",
            cause="Something on the way changed the bytes of the manifest: read its JSON and wrote it again, for "
            "instance.",
        )
    elif "DIGEST_INVALID" in seen.codes and not own:
        yield Found(
            "the manifest was put under a digest that is not of its bytes",
            "",
            (seen.at_target(), seen.at_body("DIGEST_INVALID")),
            experiment="sha256sum of the file that was sent, compared with the path",
        )


@rule(
    "schema1-refused",
    "decides",
    when="always",
    before=True,
    fix="Push as docker schema 2 or OCI: build or copy the image with a client of this decade (skopeo copy "
    "--format v2s2).",
    covers=("unexplained-refusal", "manifest-generic-type", "schema-version"),
    sources=("observed with distribution 3", "moby, source (push_v2.go)"),
)
def schema1_refused(seen: Seen) -> Iterator[Found]:
    """The manifest is docker's schema 1, which registries do not take any more."""
    document, kind = document_of(seen), bare(seen.q("Content-Type") or "")
    is_first = kind in SCHEMA_1 or (
        document is not None and document.get("schemaVersion") == 1 and "fsLayers" in document
    )
    if is_put(seen) and is_first and seen.status in (0, 400, 415, 500):
        yield Found("the manifest is of schema 1", seen.detail()[:160], (seen.at_header("Content-Type"),))


@rule(
    "schema-version",
    "decides",
    when="always",
    before=True,
    fix='Write "schemaVersion": 2.',
    covers=("unexplained-refusal", "storage-error"),
    sources=("image-spec, manifest.md", "observed with distribution 3"),
)
def schema_version(seen: Seen) -> Iterator[Found]:
    """The manifest's schemaVersion is not 2: distribution answers 500, "unrecognized manifest schema version"."""
    document = document_of(seen)
    if not is_put(seen) or seen.status not in (0, 400, 500):
        return
    version = document.get("schemaVersion") if document is not None else None
    said = seen.says("unrecognized manifest schema version")
    if (document is not None and version != 2 and "fsLayers" not in document) or said:
        at = body_of(seen).find(b"schemaVersion")
        place = Place(seen.id, "request.body", "", max(at, 0), at + len("schemaVersion") if at >= 0 else 0)
        yield Found(f"the manifest's schemaVersion is {version!r}", seen.detail()[:160], (place,))


@rule(
    "oci-needs-mediatype",
    "likely",
    fix="Write mediaType into the manifest (the same as its Content-Type).",
    covers=("unexplained-refusal",),
    sources=("containers/image, source (isManifestInvalidError)", "GoogleContainerTools/jib#3215"),
)
def oci_needs_mediatype(seen: Seen) -> Iterator[Found]:
    """An OCI manifest without mediaType was refused: ECR calls it "Invalid JSON syntax" (UNSUPPORTED)."""
    document = document_of(seen)
    said = seen.says("Invalid JSON syntax")
    if is_put(seen) and said and (document is None or "mediaType" not in document):
        yield Found(
            "the manifest has no mediaType, which this registry wants",
            seen.text[:160],
            (Place(seen.id, "request.body"),),
        )


@rule(
    "tag-immutable",
    "decides",
    who="registry",
    fix="Push under a tag that is not taken, or allow the tag to be overwritten in the registry's settings.",
    covers=("denied", "unexplained-refusal", "schema1-refused"),
    sources=("moby/buildkit#3776", "Quay and Harbor, source"),
)
def tag_immutable(seen: Seen) -> Iterator[Found]:
    """The tag is there already and must not be moved: the repository, or a rule, makes tags immutable.

    ECR 400 TAG_INVALID, Quay 409 TAG_IMMUTABLE, Harbor 412 PRECONDITION.
    """
    by_code = seen.codes & {"TAG_IMMUTABLE", "TAG_ALREADY_EXISTS"}
    if seen.is_refused and (by_code or seen.says("immutable")) and seen.kind in ("manifest", "other"):
        yield Found(
            f"the tag {seen.named.reference} must not be moved",
            " ".join(f"{e.code} {e.message}" for e in seen.errors[:1]),
            (seen.at_target(), seen.at_body("mmutable")),
        )


@rule(
    "tag-invalid",
    "likely",
    fix="See what the registry says about the tag; its letters and its length are the usual reasons.",
    sources=("distribution-spec, spec.md, Error Codes",),
)
def tag_invalid(seen: Seen) -> Iterator[Found]:
    """The registry does not take the tag (TAG_INVALID)."""
    if "TAG_INVALID" in seen.codes and not seen.says("immutable"):
        yield Found(
            f"the registry does not take the tag {seen.named.reference}", seen.errors[0].message, (seen.at_target(),)
        )
