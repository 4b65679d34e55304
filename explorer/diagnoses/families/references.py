"""What a manifest names and the repository does not have."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.documents import Named, document_of, named_in
from explorer.diagnoses.families.manifest_content import at_text
from explorer.diagnoses.seen import Seen
from explorer.model import Place
from explorer.spec.digests import is_digest

_CODES = ("MANIFEST_BLOB_UNKNOWN", "BLOB_UNKNOWN")


def missing(seen: Seen) -> tuple[str, ...]:
    """Return the digests that the registry says it does not have, in order and without repeats."""
    found = []
    for error in seen.errors:
        if error.code in _CODES:
            found += [part.strip('"{}[], ') for part in error.detail.replace(",", " ").split() if "sha" in part]
    return tuple(dict.fromkeys(digest for digest in found if is_digest(digest)))


def _roles(seen: Seen) -> dict[str, Named]:
    return {entry.digest: entry for entry in named_in(document_of(seen) or {})}


def _is_put(seen: Seen) -> bool:
    return seen.kind == "manifest" and seen.method == "PUT"


def _at(seen: Seen, digest: str) -> tuple[Place, ...]:
    body = seen.at_body(digest)
    return (at_text(seen, digest), body) if digest in _roles(seen) else (body,)


@rule(
    "blob-in-other-repo",
    "decides",
    fix="Mount it: POST /v2/NAME/blobs/uploads/?mount=DIGEST&from=OTHER, or upload it to this repository, too.",
    covers=("manifest-blob-unknown",),
    sources=("distribution-spec, spec.md, end-11", "observed with distribution 3"),
)
def blob_in_other_repo(seen: Seen) -> Iterator[Found]:
    """The blob is in another repository of this registry; each repository has its own."""
    for digest in missing(seen) if _is_put(seen) else ():
        others = {
            name: id
            for name, id in seen.history.repositories_of.get(digest, {}).items()
            if name != seen.named.repository
        }
        for name, id in list(others.items())[:1]:
            yield Found(
                f"a blob that the manifest names is in {name}, and not in {seen.named.repository}",
                f"{digest} was shown by exchange {id} to be in {name}",
                _at(seen, digest),
                key=digest,
                also=(id,),
            )


@rule(
    "index-child-unknown",
    "decides",
    fix="Put the manifests that the index names before the index itself, into the same repository.",
    covers=("manifest-blob-unknown",),
    sources=("observed with distribution 3", "observed with go-containerregistry's test registry"),
)
def index_child_unknown(seen: Seen) -> Iterator[Found]:
    """The index names a manifest that this repository does not have: children come first."""
    roles = _roles(seen)
    lost = [digest for digest in missing(seen) if digest in roles and roles[digest].role == "manifest"]
    said = seen.says("Sub-manifest") and seen.status == 404
    if _is_put(seen) and (lost or said):
        shown = (
            f"{len(lost)} of {sum(e.role == 'manifest' for e in roles.values())} children are missing: "
            f"{', '.join(lost[:3])}"
        )
        yield Found(
            "the index names manifests that are not there",
            shown if lost else seen.text[:160],
            _at(seen, lost[0]) if lost else (),
        )


@rule(
    "manifest-blob-unknown",
    "decides",
    fix="Upload each of these blobs to this repository before the manifest: the config is one of them.",
    covers=("unexplained-refusal",),
    sources=("distribution-spec, spec.md, end-7", "goharbor/harbor#22417", "observed with distribution 3"),
)
def manifest_blob_unknown(seen: Seen) -> Iterator[Found]:
    """The manifest names blobs that this repository does not have: one error for each, its digest in the detail.

    The upload was left out or failed, went to another repository, or the config was forgotten. Where the blob was
    uploaded to this repository with success, a replica has not seen it yet. zot says BLOB_UNKNOWN for it.
    """
    if not _is_put(seen) or not seen.codes & set(_CODES):
        return
    roles, history = _roles(seen), seen.history
    lost = missing(seen)
    pushed = [digest for digest in lost if (seen.named.repository, digest) in history.present]
    words = [_fate(seen, digest, roles) for digest in lost[:4]]
    more = f" (and {len(lost) - 4} more)" if len(lost) > 4 else ""
    yield Found(
        f"the manifest names {len(lost) or 'a'} blob{'s' if len(lost) > 1 else ''} that {seen.named.repository} "
        "does not have",
        "; ".join(words) + more,
        tuple(place for digest in lost[:4] for place in _at(seen, digest)) or (seen.at_body("BLOB_UNKNOWN"),),
        who="registry" if pushed else "",
        fix="Put the replicas on one storage, or ask again when they have caught up."
        if pushed and len(pushed) == len(lost)
        else "",
        otherwise=("replica lag: the blob was uploaded with success before",) if pushed else (),
        experiment="HEAD the blob several times: answers that vary come from replicas" if pushed else "",
        consequence_of=tuple(
            id for digest in lost for id in history.failures_of("blob", seen.named.repository, digest)
        ),
    )


def _fate(seen: Seen, digest: str, roles: dict[str, Named]) -> str:
    role = roles[digest].role if digest in roles else "blob"
    known = seen.history.present.get((seen.named.repository, digest))
    gone = seen.history.gone.get((seen.named.repository, digest))
    if known:
        return f"{role} {digest} was there by exchange {known.exchange} ({known.how})"
    if gone:
        return f"{role} {digest} was not there at exchange {gone} (404), and nothing uploaded it since"
    return f"{role} {digest} was never uploaded in this conversation"


@rule(
    "names-what-is-not-there",
    "likely",
    when="always",
    before=True,
    fix="Upload the blob first; HEAD tells whether it is there.",
    sources=("distribution-spec, spec.md, end-7",),
)
def names_what_is_not_there(seen: Seen) -> Iterator[Found]:
    """The manifest that is to be sent names a blob that a HEAD did not find, and that was not uploaded since.

    Or this conversation uploaded all the others and not this one.
    """
    document = document_of(seen)
    if not seen.is_draft or document is None or seen.method != "PUT":
        return
    history, repository = seen.history, seen.named.repository
    entries = [entry for entry in named_in(document) if entry.role != "subject" and not entry.urls]
    known = [entry for entry in entries if (repository, entry.digest) in history.present]
    for entry in entries:
        if (repository, entry.digest) in history.present:
            continue
        gone = history.gone.get((repository, entry.digest))
        elsewhere = [name for name in history.repositories_of.get(entry.digest, {}) if name != repository]
        if gone or elsewhere or known:
            why = (
                f"exchange {gone} did not find it"
                if gone
                else f"it is in {elsewhere[0]}"
                if elsewhere
                else "the others were uploaded here"
            )
            yield Found(
                f"the manifest names a {entry.role} that {repository} is not known to have",
                f"{entry.digest}: {why}",
                (at_text(seen, entry.digest),),
                key=entry.digest,
            )


@rule(
    "unknown-blob-after-push",
    "likely",
    who="registry",
    when="answered",
    fix="See whether what was sent reached the registry (Location of http:, redirects), and whether replicas "
    "share storage.",
    sources=("goharbor/harbor#20973", "moby, source (push_v2.go)"),
)
def unknown_blob_after_push(seen: Seen) -> Iterator[Found]:
    """The blob is not there, though its upload was answered 201 a moment before. docker prints "unknown blob".

    The PUT was answered by something else, another replica is asked now, or a cache in front repeats an older 404.
    """
    if seen.kind != "blob" or seen.method not in ("HEAD", "GET") or seen.status != 404:
        return
    known = seen.history.present.get((seen.named.repository, seen.named.reference))
    if known is None or not known.how.startswith(("PUT", "POST")):
        return
    if (
        seen.r("Age") is not None
        or "HIT" in (seen.r("X-Cache") or "").upper()
        or "HIT" in (seen.r("CF-Cache-Status") or "").upper()
    ):
        return
    yield Found(
        "the blob is not there, though it was just uploaded",
        f"exchange {known.exchange} ({known.how}) stored {seen.named.reference}",
        (seen.at_answer(),),
        also=(known.exchange,),
        otherwise=("replica-split-storage", "patch-became-get-unknown-blob", "a deletion in between"),
        experiment="send the HEAD several times: answers that vary come from replicas",
    )


_OF_CACHES = ("X-Cache", "X-Cache-Status", "X-Proxy-Cache", "CF-Cache-Status", "Cache-Status")


@rule(
    "caching-proxy-stale-404",
    "hint",
    who="proxy",
    when="answered",
    fix="Let nothing in front cache /v2/ (proxy_cache off; or a rule in the content network).",
    covers=("unknown-blob-after-push", "blob-missing", "manifest-missing"),
    sources=("RFC 9111", "observed with nginx 1.22"),
)
def caching_proxy_stale_404(seen: Seen) -> Iterator[Found]:
    """A cache in front answers with an older 404: the blob or manifest was stored in between."""
    known = seen.history.present.get((seen.named.repository, seen.named.reference))
    hit = next((name for name in _OF_CACHES if "HIT" in (seen.r(name) or "").upper()), "")
    cached = seen.r("Age") is not None or hit
    if seen.status == 404 and known and cached:
        yield Found(
            "a cache in front answered with an older 404",
            f"exchange {known.exchange} ({known.how}) showed it; this answer has "
            f"{hit or 'Age'}: {seen.r(hit or 'Age')}",
            (seen.at_answer(hit or "Age"), seen.at_answer()),
            certainty="likely",
        )
