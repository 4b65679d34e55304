"""What the registry is set up not to do: writing, deleting, creating repositories; and what its policies refuse."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen

_WRITES = ("POST", "PUT", "PATCH")


@rule(
    "read-only",
    "decides",
    who="registry",
    fix="End the read-only mode (distribution: storage.maintenance.readonly.enabled: false; Harbor: "
    "repositoryReadOnly; Quay: "
    "REGISTRY_STATE: normal), or push elsewhere.",
    covers=("denied", "verb-blocked", "pull-through-cache", "health-503", "pushes-disabled"),
    sources=("observed with distribution 3", "Quay and Harbor, source"),
)
def read_only(seen: Seen) -> Iterator[Found]:
    """The registry takes nothing at the moment: it is in read-only mode.

    distribution answers 405 with Allow: GET, HEAD; Quay 405 with is_readonly; Harbor 403 "system is in read only mode".
    """
    allow = {method.strip() for method in (seen.r("Allow") or "").split(",")}
    by_allow = (
        seen.status == 405
        and "GET" in allow
        and not allow & {*_WRITES, "DELETE"}
        and seen.kind in ("uploads", "upload", "manifest")
    )
    said = seen.says('"is_readonly"', "read only mode", "read-only mode", "readonly mode")
    if seen.method in (*_WRITES, "DELETE") and seen.is_refused and (by_allow or said):
        proof = f"Allow: {seen.r('Allow')}" if by_allow else next((e.message for e in seen.errors), seen.text[:120])
        yield Found(
            "the registry is in read-only mode", proof, (seen.at_answer("Allow" if by_allow else ""), seen.at_body())
        )


@rule(
    "pull-through-cache",
    "decides",
    who="registry",
    fix="Push to the registry itself and not to its cache (a registry with proxy.remoteurl takes no pushes; "
    "Harbor: not a proxy "
    "project).",
    covers=("delete-disabled", "denied", "unexplained-refusal", "storage-error"),
    sources=("observed with distribution 3", "Harbor, source"),
)
def pull_through_cache(seen: Seen) -> Iterator[Found]:
    """The push goes to a cache of another registry, which only answers pulls: 405 UNSUPPORTED to a POST."""
    refused = (
        seen.method in _WRITES
        and seen.status == 405
        and "UNSUPPORTED" in seen.codes
        and seen.kind in ("uploads", "manifest")
    )
    inside = seen.kind == "upload" and seen.status >= 500 and seen.says("operation unsupported")
    if refused or inside or seen.says("can not push artifact to a proxy project"):
        yield Found(
            "this registry is a cache of another one, and takes no pushes",
            seen.detail()[:120],
            (seen.at_answer(), seen.at_body("UNSUPPORTED")),
        )


@rule(
    "pushes-disabled",
    "decides",
    who="registry",
    fix="Switch pushes on again (Quay: FEATURE_… and the organisation's state), or push elsewhere.",
    covers=("verb-blocked", "unexplained-refusal"),
    sources=("Quay, source",),
)
def pushes_disabled(seen: Seen) -> Iterator[Found]:
    """Pushes are switched off: Quay answers 405 with the code METHOD NOT ALLOWED."""
    if seen.status == 405 and "METHOD NOT ALLOWED" in seen.codes and seen.method in _WRITES:
        yield Found("pushes are switched off", seen.errors[0].message, (seen.at_answer(),))


@rule(
    "delete-disabled",
    "decides",
    who="registry",
    fix="Switch deleting on: storage.delete.enabled: true (REGISTRY_STORAGE_DELETE_ENABLED=true) in distribution.",
    covers=("unexplained-refusal", "verb-blocked"),
    sources=("observed with distribution 2.8 and 3", "Quay, source"),
)
def delete_disabled(seen: Seen) -> Iterator[Found]:
    """The registry does not delete: 405 UNSUPPORTED. In distribution that is the default."""
    known = seen.who != "proxy" and seen.kind in ("blob", "manifest")
    if seen.method == "DELETE" and known and (seen.status == 405 or "UNSUPPORTED" in seen.codes):
        yield Found("the registry is set up not to delete", seen.detail()[:120], (seen.at_answer(),))


@rule(
    "tag-delete-unsupported",
    "decides",
    fix="Delete the manifest by its digest (HEAD the tag, use Docker-Content-Digest); its tags go with it.",
    covers=("unexplained-refusal", "digest-as-tag"),
    sources=("observed with distribution 2.8",),
)
def tag_delete_unsupported(seen: Seen) -> Iterator[Found]:
    """Tags cannot be deleted here, only manifests by digest: distribution 2.x answers 400 DIGEST_INVALID."""
    is_tag = seen.kind == "manifest" and ":" not in seen.named.reference
    if seen.method == "DELETE" and is_tag and seen.status == 400 and seen.codes & {"DIGEST_INVALID", "UNSUPPORTED"}:
        yield Found("this registry cannot delete a tag", "", (seen.at_target(), seen.at_body("DIGEST_INVALID")))


@rule(
    "repo-must-exist",
    "likely",
    who="registry",
    fix="Create the repository or project first, and check that the registry's host, account or project is in the "
    "name once.",
    covers=("wrong-api-prefix", "manifest-missing", "unexplained-refusal"),
    sources=("aws-actions/amazon-ecr-login#202", "drone-plugins/drone-ecr#52", "Harbor, source"),
)
def repo_must_exist(seen: Seen) -> Iterator[Found]:
    """The repository or project does not exist, and this registry makes none by itself.

    ECR 404 NAME_UNKNOWN, Harbor 404 NOT_FOUND for the project. Often the registry's own prefix stands in the name
    twice.
    """
    unknown = seen.codes & {"NAME_UNKNOWN", "NOT_FOUND", "RepositoryNotFoundException"}
    writes = seen.method in _WRITES and seen.kind in ("uploads", "manifest", "upload")
    said = seen.says("does not exist", "not found") and seen.says("repository", "project")
    is_head = seen.method in ("GET", "HEAD") and seen.kind in ("tags", "manifest") and "NAME_UNKNOWN" in seen.codes
    if is_head and seen.kind == "tags" and any(name == seen.named.repository for name, _ in seen.history.present):
        yield Found(
            f"{seen.named.repository} has blobs, and no manifest that would have a tag",
            "blobs of it were shown by exchanges before this one",
            (seen.at_target(), seen.at_answer()),
            key=seen.named.repository,
            cause="distribution lists the tags of a repository only when it has had a manifest.",
            fix="Put a manifest that names the blobs; the tag that it is put under is then listed.",
            who="client",
        )
        return
    if (
        seen.status in (404, 400)
        and ((writes and (unknown or said)) or is_head)
        and "BLOB_UPLOAD_UNKNOWN" not in seen.codes
    ):
        yield Found(
            f"the repository {seen.named.repository} does not exist",
            next((f"{e.code} {e.message} {e.detail}".strip() for e in seen.errors), seen.text[:120]),
            (seen.at_target(), seen.at_answer()),
            key=seen.named.repository,
        )


@rule(
    "policy-blocked",
    "decides",
    who="registry",
    fix="Sign the image, mend its vulnerabilities, or change the project's policy (Harbor: deployment security).",
    covers=("denied", "unexplained-refusal"),
    sources=("Harbor, source",),
)
def policy_blocked(seen: Seen) -> Iterator[Found]:
    """A policy of the registry refuses the image: it is not signed, or has vulnerabilities (412
    PROJECTPOLICYVIOLATION).
    """
    if "PROJECTPOLICYVIOLATION" in seen.codes:
        yield Found(
            "a policy refuses the image",
            seen.errors[0].message,
            (seen.at_answer(), seen.at_body("PROJECTPOLICYVIOLATION")),
        )


@rule(
    "unsupported",
    "likely",
    who="registry",
    fix="See what the registry says it does not do, and take another way (upload instead of mount, by digest "
    "instead of tag).",
    sources=("distribution-spec, spec.md, Error Codes",),
)
def unsupported(seen: Seen) -> Iterator[Found]:
    """The registry says that it does not do this at all (UNSUPPORTED, 405)."""
    if ("UNSUPPORTED" in seen.codes or (seen.status == 405 and seen.who == "registry")) and seen.kind != "other":
        if seen.method in ("PATCH", "DELETE") or seen.kind in ("uploads", "manifest"):
            return
        yield Found(f"the registry does not do {seen.method} here", seen.detail()[:120], (seen.at_answer(),))
