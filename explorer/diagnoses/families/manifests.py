"""The PUT of a manifest: its type, its form, its size."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.documents import body_of, document_of
from explorer.diagnoses.seen import Seen
from explorer.model import Place
from explorer.spec import media_types

SCHEMA_1 = (
    "application/vnd.docker.distribution.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v1+prettyjws",
)


def is_put(seen: Seen) -> bool:
    """Say whether a manifest is put here, with trouble."""
    return seen.kind == "manifest" and seen.method == "PUT" and seen.is_in_trouble


def own_type(seen: Seen) -> str:
    """Return the media type that the body says or shows."""
    document = document_of(seen)
    if document is None:
        return ""
    said = document.get("mediaType")
    if isinstance(said, str) and said:
        return said
    if "manifests" in document:
        return media_types.OCI_INDEX
    return media_types.OCI_MANIFEST if "layers" in document or "config" in document else ""


def bare(kind: str) -> str:
    """Return a media type without its parameters, in lower case."""
    return kind.partition(";")[0].strip().lower()


@rule(
    "manifest-no-content-type",
    "decides",
    when="always",
    before=True,
    fix="Send the manifest's media type as Content-Type.",
    covers=("unexplained-refusal",),
    sources=("distribution-spec, spec.md, end-7", "observed with distribution 3", "zot, source"),
)
def manifest_no_content_type(seen: Seen) -> Iterator[Found]:
    """The manifest was put without a Content-Type, and the registry guesses none.

    Where one was sent and the registry says that there was none, something on the way took it off or changed it.
    """
    sent = seen.q("Content-Type") or ""
    arrived = seen.detail().rpartition(": ")[2] if seen.says("unsupported manifest media type") else sent
    if is_put(seen) and bare(sent) in media_types.MANIFESTS and bare(arrived) != bare(sent):
        yield Found(
            "the Content-Type of the manifest did not arrive as it was sent",
            f"sent: {sent}; the registry got: {arrived or 'none'}",
            (seen.at_header("Content-Type"), seen.at_body("unsupported manifest media type")),
            who="proxy",
            fix="Let what stands in front forward Content-Type unchanged.",
        )
        return
    said = "MANIFEST_INVALID" in seen.codes or seen.status == 415 or not seen.errors
    if is_put(seen) and seen.is_missing("Content-Type") and seen.status in (0, 400, 415) and said:
        kind = own_type(seen)
        yield Found(
            "the manifest was put without a Content-Type",
            seen.detail()[:160],
            (seen.at_target(),),
            seen.with_header("Content-Type", kind) if kind else None,
            f"Content-Type: {kind}",
        )


@rule(
    "manifest-generic-type",
    "decides",
    when="always",
    before=True,
    fix="Send the manifest's own media type as Content-Type, without parameters.",
    covers=("unexplained-refusal",),
    sources=("distribution-spec, spec.md, end-7", "observed with distribution 3", "zot, source"),
)
def manifest_generic_type(seen: Seen) -> Iterator[Found]:
    """The manifest was put with a Content-Type that is none of a manifest: application/json, a form's.

    zot compares the header as it stands, so that parameters such as charset count, too.
    """
    kind = seen.q("Content-Type")
    if not is_put(seen) or not kind or seen.status not in (0, 400, 415):
        return
    is_known = bare(kind) in (*media_types.MANIFESTS, *SCHEMA_1)
    with_parameters = is_known and ";" in kind and seen.status == 415
    refused = seen.is_draft or "MANIFEST_INVALID" in seen.codes or seen.status == 415
    if refused and (with_parameters or not is_known):
        right = own_type(seen) or (bare(kind) if is_known else "")
        yield Found(
            f"the manifest was put as {kind}",
            seen.detail()[:160] or (f"its own type is {right}" if right else ""),
            (seen.at_header("Content-Type"),),
            seen.with_header("Content-Type", right) if right else None,
            f"Content-Type: {right}",
        )


@rule(
    "manifest-type-field-mismatch",
    "decides",
    when="always",
    before=True,
    fix="Send as Content-Type what the manifest's mediaType says.",
    covers=("unexplained-refusal", "manifest-vs-index"),
    sources=("image-spec, manifest.md", "observed with distribution 3", "CVE-2021-41190"),
)
def manifest_type_field_mismatch(seen: Seen) -> Iterator[Found]:
    """The mediaType in the manifest and the Content-Type of the request differ; docker's types must be in both."""
    document, kind = document_of(seen), seen.q("Content-Type")
    if not is_put(seen) or document is None or not kind or bare(kind) not in media_types.MANIFESTS:
        return
    said = document.get("mediaType")
    is_docker = bare(kind) in (media_types.DOCKER_MANIFEST, media_types.DOCKER_LIST)
    if said == bare(kind) or (said in (None, "") and not is_docker):
        return
    if seen.status not in (0, 400, 415):
        return
    right = said if isinstance(said, str) and said in media_types.MANIFESTS else ""
    at = body_of(seen).find(str(said).encode()) if said else -1
    places = (
        seen.at_header("Content-Type"),
        Place(seen.id, "request.body", "", at, at + len(str(said))) if at >= 0 else seen.at_target(),
    )
    yield Found(
        f"the manifest's mediaType is {said or 'missing'}, and its Content-Type is {kind}",
        seen.detail()[:160],
        places,
        seen.with_header("Content-Type", right) if right else None,
        f"Content-Type: {right}",
    )


@rule(
    "manifest-vs-index",
    "decides",
    when="always",
    before=True,
    fix="Send an index (manifests) as an index type, and a manifest (config, layers) as a manifest type.",
    covers=("unexplained-refusal",),
    sources=("observed with distribution 3", "image-spec, image-index.md"),
)
def manifest_vs_index(seen: Seen) -> Iterator[Found]:
    """An index was put as a manifest, or a manifest as an index: what is in it does not fit the type."""
    document, kind = document_of(seen), bare(seen.q("Content-Type") or "")
    if not is_put(seen):
        return
    said = seen.says(
        "expected index but found manifest", "expected manifest but found index", "expected image manifest"
    )
    has_children = document is not None and "manifests" in document
    has_layers = document is not None and ("layers" in document or "config" in document)
    wrong = (kind in media_types.INDEXES and has_layers and not has_children) or (
        kind in media_types.IMAGE_MANIFESTS and has_children and not has_layers
    )
    if (said or wrong) and seen.status in (0, 400, 415):
        what = "an index" if has_children else "a manifest"
        swap = dict(zip(media_types.INDEXES, media_types.IMAGE_MANIFESTS, strict=True))
        right = {**swap, **{b: a for a, b in swap.items()}}.get(kind, "")
        yield Found(
            f"{what} was put as {kind}",
            seen.detail()[:160],
            (seen.at_header("Content-Type"), Place(seen.id, "request.body")),
            seen.with_header("Content-Type", right) if right else None,
            f"Content-Type: {right}",
        )
