"""The registry's storage, and object storage that it redirects to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen

_STORAGE = (
    "DriverName",
    "s3aws",
    "filesystem:",
    "no space left",
    "AccessDenied",
    "driver",
    "gcs:",
    "azure:",
    "swift:",
    "input/output error",
)
_SIGNED = ("X-Amz-Signature=", "Signature=", "sig=", "X-Goog-Signature=", "Key-Pair-Id=")


def is_storage_hop(seen: Seen) -> bool:
    """Say whether a request goes to object storage: by a redirect of this conversation, or a signed URL."""
    was_redirected = f"{seen.request.origin}{seen.target}" in seen.history.redirects
    return (was_redirected and seen.kind == "other") or any(sign in seen.target for sign in _SIGNED)


@rule(
    "s3-two-auth",
    "decides",
    fix="Send no Authorization to the address that a redirect leads to: it is signed in its query.",
    covers=("realm-unreachable", "unexplained-refusal", "credentials-elsewhere"),
    sources=("open-policy-agent/opa#6580",),
)
def s3_two_auth(seen: Seen) -> Iterator[Found]:
    """The redirect to S3 was followed with the registry's Authorization, and the URL is signed already: two logins
    at once.
    """
    if seen.status == 400 and seen.says("Only one auth mechanism allowed"):
        yield Found(
            "S3 got a signed URL and an Authorization",
            "the answer says: Only one auth mechanism allowed",
            (seen.at_header("Authorization"), seen.at_body("Only one auth mechanism")),
            seen.without_header("Authorization"),
            "no Authorization",
        )


@rule(
    "azure-two-auth",
    "decides",
    fix="Send no Authorization to the address that a redirect leads to: it is signed in its query.",
    covers=("unexplained-refusal", "credentials-elsewhere"),
    sources=("spring-attic/spring-cloud-dataflow#4412", "Azure/acr#217"),
)
def azure_two_auth(seen: Seen) -> Iterator[Found]:
    """The redirect to Azure's storage was followed with the registry's Authorization, which it cannot read."""
    if seen.status in (400, 401, 403) and seen.says("InvalidAuthenticationInfo"):
        yield Found(
            "Azure's storage got a signed URL and an Authorization",
            "the answer says: InvalidAuthenticationInfo",
            (seen.at_header("Authorization"), seen.at_body("InvalidAuthenticationInfo")),
            seen.without_header("Authorization"),
            "no Authorization",
        )


@rule(
    "head-on-get-signature",
    "hint",
    fix="Ask storage by GET (with Range: bytes=0-0 for the size), or ask the registry by HEAD again.",
    covers=("signed-url-expired",),
    sources=("Amazon S3, Signature Version 4",),
)
def head_on_get_signature(seen: Seen) -> Iterator[Found]:
    """A HEAD went to a URL that was signed for GET: the signature covers the method, and 403 has no body that says
    so.
    """
    if seen.method == "HEAD" and seen.status == 403 and is_storage_hop(seen):
        yield Found("a HEAD went to a URL that is signed for GET", "", (seen.at_target(),), certainty="likely")


@rule(
    "signed-url-expired",
    "likely",
    fix="Ask the registry for the blob again: it redirects to a fresh URL each time.",
    covers=("unexplained-refusal", "denied"),
    sources=("Amazon S3, error responses",),
)
def signed_url_expired(seen: Seen) -> Iterator[Found]:
    """The signed address of the blob was used too late: its signature has expired."""
    if seen.status in (400, 403) and (is_storage_hop(seen) or seen.text.lstrip().startswith("<?xml")):
        expired = seen.says("Request has expired", "ExpiredToken", "Signature not valid in the specified time frame")
        if expired or (
            seen.says("AccessDenied", "SignatureDoesNotMatch", "AuthenticationFailed") and is_storage_hop(seen)
        ):
            yield Found(
                "the signed address of the blob has expired"
                if expired
                else "storage does not accept the signed address",
                " ".join(seen.text.split())[:200],
                (seen.at_target(), seen.at_body()),
                certainty="decides" if expired else "",
            )


@rule(
    "storage-host-unreachable",
    "likely",
    who="registry",
    fix="Let the registry pass blobs through itself: storage.redirect.disable: true; or give storage an address that "
    "clients reach (regionendpoint).",
    covers=("host-unreachable", "tls-unknown-ca"),
    sources=("distribution 3, source",),
)
def storage_host_unreachable(seen: Seen) -> Iterator[Found]:
    """The registry redirects to its storage, and this machine cannot reach that host: a private MinIO, for instance."""
    error = seen.exchange.error
    before = seen.history.redirects.get(f"{seen.request.origin}{seen.target}")
    if error and before and error.kind in ("unreachable", "tls", "timeout") and seen.method in ("GET", "HEAD"):
        earlier = seen.history.exchanges[before]
        if earlier.request.origin != seen.request.origin:
            yield Found(
                f"the storage at {seen.request.origin} cannot be reached from here",
                f"exchange {before} redirected there; {error.sentence}",
                (seen.at_failure,),
                also=(before,),
                key=str(seen.request.origin),
            )


@rule(
    "storage-error",
    "likely",
    who="registry",
    fix="Look into the registry's log at this time, and at its storage: space, credentials, bucket, clock.",
    sources=("google/go-containerregistry#1318", "observed with distribution 3"),
)
def storage_error(seen: Seen) -> Iterator[Found]:
    """The registry's storage failed: what the error says comes from its driver.

    distribution 2 shows the error of the system as a number ("Err": 28), or in words; distribution 3 in words.
    """
    if seen.status in (500, 503, 507) and seen.who != "proxy" and seen.says(*_STORAGE):
        detail = seen.detail()[:200] or seen.text[:200]
        what, fix = next((told for pattern, *told in _OF_THE_SYSTEM if pattern.search(detail)), ("", ""))
        yield Found(
            what or "the registry's storage failed",
            detail,
            (seen.at_answer(), seen.at_body()),
            fix=fix,
            certainty="decides" if what else "",
        )


_OF_THE_SYSTEM = (
    (
        re.compile(r'(?i)no space left on device|"Err": ?28\b'),
        "the registry's disk is full",
        "Make room where the registry stores (df -h and df -i there): a larger volume, deletes followed by "
        "`registry garbage-collect`, old uploads in _uploads purged.",
    ),
    (
        re.compile(r'(?i)disk quota exceeded|"Err": ?122\b'),
        "the registry's quota on its disk is used up",
        "Raise the quota of the user or folder that the registry stores in, or delete and collect garbage.",
    ),
    (
        re.compile(r'(?i)read-only file system|"Err": ?30\b'),
        "the registry's disk is mounted read-only",
        "Mount the volume writable; a disk that turned read-only by itself has failed: see the system's log.",
    ),
    (
        re.compile(r'(?i)permission denied|"Err": ?13\b'),
        "the registry may not write where it stores",
        "Give its user the folder of storage.filesystem.rootdirectory (in a container: the volume's owner and label).",
    ),
    (
        re.compile(r'(?i)too many open files|"Err": ?2[34]\b'),
        "the registry has too many files open",
        "Raise the limit for open files of the registry's process (ulimit -n, LimitNOFILE).",
    ),
)
"""What the system says of a disk: how it is told, what is wrong, what to do."""


@rule(
    "health-503",
    "likely",
    who="registry",
    fix="Wait, and look at the registry's health checks (storage, redis) and its log.",
    sources=("distribution 3, source (register.go)",),
)
def health_503(seen: Seen) -> Iterator[Found]:
    """The registry is not available: a health check of its storage fails, it is being started, or it is down.

    With a page of the proxy in front: that knows no server that is up. nginx says 502 then, and its own 503 means a
    limit or maintenance.
    """
    if seen.status == 503 and seen.who == "proxy" and seen.proxy == "nginx":
        worked = seen.history.last_success
        yield Found(
            "nginx refused it by itself, with 503: a limit on requests or connections, or maintenance",
            "the page is nginx's own, which answers 502 and not 503 where the registry is down"
            + (f"; exchange {worked} was answered before" if worked else ""),
            (seen.at_answer(),),
            who="proxy",
            fix="Look into nginx's error log (limiting requests, limiting connections) and its configuration: "
            "limit_req, limit_conn, or a `return 503`; a push makes many requests in a short time (burst=200 nodelay).",
            cause="What stands in front let the request through to nobody.",
        )
    elif seen.status == 503 and seen.who == "proxy":
        name = seen.proxy or "the proxy"
        yield Found(
            f"{name} says that no registry is up behind it",
            "the page is not a registry's",
            (seen.at_answer(),),
            who="proxy",
        )
    elif seen.status == 503 and not seen.who and not seen.errors:
        yield Found(
            "what answers lets nobody through at the moment (503)",
            "whether that is the registry or a proxy in front cannot be told",
            (seen.at_answer(),),
            otherwise=("rate-limited: a limit of the proxy's on requests or connections (nginx says 503 for it)",),
        )
    elif seen.status == 503 and ("UNAVAILABLE" in seen.codes or (seen.who == "registry" and not seen.says(*_STORAGE))):
        yield Found(
            "the registry is not available at the moment",
            next((e.message for e in seen.errors), ""),
            (seen.at_answer(),),
        )
