"""What a registry does not allow: limits, quotas, modes in which nothing can be written, rules of its owner."""

from __future__ import annotations

import threading
import time

from explorer.faults.answers import API_VERSION, JSON, error, plain
from explorer.faults.arguments import Which, choice, count, size, which
from explorer.faults.declared import Passing, Plays, fault
from explorer.faults.products import harbor, quay
from explorer.model import Headers
from explorer.spec.go_json import go_json
from explorer.wire.server import Outgoing

_WINDOW = 60.0
_ACCOUNT = "123456789012"
_ABUSE = (
    b"HTTP/1.1 429 Too Many Requests\n"
    b"Cache-Control: no-cache\n"
    b"Connection: close\n"
    b"Content-Type: text/plain; charset=utf-8\n"
    b"Retry-After: 60\n"
    b"\n"
    b"Too Many Requests (HAP429).\n"
)


class _Window:
    """Counts requests within a minute."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._begun = 0.0
        self._seen = 0

    def left(self) -> tuple[int, int]:
        """Count one; return how many more may come (below 0: this one may not) and the seconds to the next minute."""
        with self._lock:
            now = time.monotonic()
            if not self._seen or now - self._begun >= _WINDOW:
                self._begun, self._seen = now, 0
            self._seen += 1
            return self._most - self._seen, max(1, round(self._begun + _WINDOW - now))


@fault("rate-limited", plays=Plays.REGISTRY, argument=count("how many requests go through in a minute", "5"))
class RateLimited:
    """429 `TOOMANYREQUESTS` with Retry-After once there are too many requests in a minute; then they pass again.

    `ratelimit-limit` and `ratelimit-remaining` stand in every answer, as at Docker Hub.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._window = _Window(most)

    def __call__(self, passing: Passing) -> Outgoing:
        """Let a request through, or refuse it."""
        if not passing.asked.is_v2:
            return passing.on()
        left, seconds = self._window.left()
        limits = (("ratelimit-limit", f"{self._most};w=60"), ("ratelimit-remaining", f"{max(0, left)};w=60"))
        if left < 0:
            what = (
                "You have reached your pull rate limit. You may increase the limit by authenticating and upgrading:"
                " https://www.docker.com/increase-rate-limit"
            )
            return error(429, "TOOMANYREQUESTS", what, extra=(*limits, ("Retry-After", str(seconds))))
        answer = passing.on()
        headers = answer.headers
        for name, value in limits:
            headers = headers.set(name, value)
        return Outgoing(answer.status, headers, answer.body, answer.reason)


@fault(
    "rate-limited-abuse",
    plays=Plays.PROXY,
    argument=which("from6"),
    known_as=("rate-limited",),
)
def rate_limited_abuse(passing: Passing, meant: Which) -> Outgoing:
    """429 as plain text, `Too Many Requests (HAP429).`, its head with bare line feeds: Docker Hub's limit for abuse.

    Strict clients cannot read such a head.
    """
    return Outgoing(429, raw=_ABUSE) if meant.takes(passing.asked) else passing.on()


@fault("quota-exceeded", plays=Plays.REGISTRY, argument=choice("whose refusal", "harbor", "quay", "zot"))
def quota_exceeded(passing: Passing, whose: str) -> Outgoing:
    """403 `DENIED`, "will exceed the configured upper limit of", for whatever adds to a repository: Harbor's quota.

    Quay says 403 `DENIED`, "Quota has been exceeded on namespace"; zot 429 `TOOMANYREQUESTS` with the `limit`, which is
    of the number of repositories.
    """
    if not passing.asked.pushes or passing.asked.method == "PATCH":
        return passing.on()
    if whose == "quay":
        return quay(403, "DENIED", "Quota has been exceeded on namespace")
    if whose == "zot":
        return error(429, "TOOMANYREQUESTS", "too many requests", {"limit": "10"})
    what = (
        "adding 5.0 MiB of storage resource, which when updated to current usage of 8.0 MiB"
        " will exceed the configured upper limit of 10.0 MiB."
    )
    return harbor(403, "DENIED", what)


@fault("layer-too-large", plays=Plays.REGISTRY, argument=size("the largest blob that is taken", "20g"))
def layer_too_large(passing: Passing, most: int) -> Outgoing:
    """400, "Uploaded blob of … is larger than … allowed by this registry", for a blob over Quay's limit of 20 GB.

    The text is Quay's; its code is not known from a recording.
    """
    asked = passing.asked
    length = passing.incoming.body.length
    if not asked.pushes or asked.kind == "manifest" or length is None or length <= most:
        return passing.on()
    detail = {
        "reason": f"{length} is greater than maximum allowed size {most}",
        "max_allowed": most,
        "uploaded": length,
    }
    what = f"Uploaded blob of {_binary(length)} is larger than {_binary(most)} allowed by this registry"
    return quay(400, "BLOB_UPLOAD_INVALID", what, detail=detail)


def _binary(length: float) -> str:
    units = iter(("Byte", "KiB", "MiB", "GiB"))
    unit = next(units)
    while length >= 1024 and unit != "GiB":
        length, unit = length / 1024, next(units)
    return f"{length:.2f} {unit}"


@fault("read-only", plays=Plays.REGISTRY, argument=choice("whose way", "distribution", "quay", "harbor", "503"))
def read_only(passing: Passing, whose: str) -> Outgoing:
    """405 `Method not allowed` with `Allow: GET, HEAD` for whatever writes: distribution's read-only mode.

    Quay says 405 `DENIED` with `is_readonly`, Harbor 403 `DENIED`, "read only mode"; some say 503.
    """
    asked = passing.asked
    if not asked.is_v2 or asked.is_read:
        return passing.on()
    match whose:
        case "quay":
            what = "System is currently read-only. Pulls will succeed but all write operations are currently suspended."
            return quay(405, "DENIED", what, is_readonly=True)
        case "harbor":
            return harbor(403, "DENIED", "The system is in read only mode. Any modification is prohibited.")
        case "503":
            return error(503, "UNAVAILABLE", "service unavailable")
        case _:
            return plain(405, "Method not allowed", API_VERSION, ("Allow", "GET, HEAD"))


@fault("pushes-disabled", plays=Plays.REGISTRY)
def pushes_disabled(passing: Passing) -> Outgoing:
    """405 with the code `METHOD NOT ALLOWED`, blanks and all, for every push: Quay's DISABLE_PUSHES."""
    if not passing.asked.pushes:
        return passing.on()
    what = "Pushes to the registry are currently disabled. Please contact the administrator for more information."
    return quay(405, "METHOD NOT ALLOWED", what)


@fault("pull-through-cache", plays=Plays.REGISTRY, argument=choice("whose cache", "distribution", "harbor"))
def pull_through_cache(passing: Passing, whose: str) -> Outgoing:
    """405 `UNSUPPORTED` for every push, while pulls work: the registry is a cache of another one.

    The status of an upload is 500, "operation unsupported". Harbor says 403 `DENIED`, "proxy project".
    """
    asked = passing.asked
    if not asked.is_v2 or (asked.is_read and asked.kind not in ("open", "upload")):
        return passing.on()
    if whose == "harbor":
        project = asked.name.partition("/")[0]
        return harbor(403, "DENIED", f"can not push artifact to a proxy project: {project}")
    if asked.is_read:
        return error(500, "UNKNOWN", "unknown error", "operation unsupported")
    return error(405, "UNSUPPORTED", "The operation is unsupported.")


@fault("delete-disabled", plays=Plays.REGISTRY)
def delete_disabled(passing: Passing) -> Outgoing:
    """405 `UNSUPPORTED` for the DELETE of a blob, a manifest or a tag: distribution's default."""
    asked = passing.asked
    if asked.method == "DELETE" and asked.kind in ("blob", "manifest"):
        return error(405, "UNSUPPORTED", "The operation is unsupported.")
    return passing.on()


@fault("tag-delete-unsupported", plays=Plays.REGISTRY)
def tag_delete_unsupported(passing: Passing) -> Outgoing:
    """400 `DIGEST_INVALID` for the DELETE of a tag: distribution 2 deletes manifests by their digest only."""
    asked = passing.asked
    if asked.method == "DELETE" and asked.kind == "manifest" and ":" not in asked.word.replace("%3A", ":"):
        return error(400, "DIGEST_INVALID", "provided digest did not match uploaded content", {})
    return passing.on()


@fault("repo-must-exist", plays=Plays.REGISTRY, argument=choice("whose refusal", "ecr", "harbor"))
def repo_must_exist(passing: Passing, whose: str) -> Outgoing:
    """404 `NAME_UNKNOWN` for every push: "The repository with name '…' does not exist": it has to be made beforehand.

    Harbor wants the project, the first part of the name: 404 `NOT_FOUND`.
    """
    asked = passing.asked
    if not asked.pushes:
        return passing.on()
    if whose == "harbor":
        return harbor(404, "NOT_FOUND", f"project {asked.name.partition('/')[0]} not found")
    what = f"The repository with name '{asked.name}' does not exist in the registry with id '{_ACCOUNT}'"
    return error(404, "NAME_UNKNOWN", what)


@fault("policy-blocked", plays=Plays.REGISTRY)
def policy_blocked(passing: Passing) -> Outgoing:
    """412 `PROJECTPOLICYVIOLATION` for the GET of a manifest: Harbor lets nobody pull what is not signed."""
    if passing.asked.kind == "manifest" and passing.asked.is_read:
        return harbor(412, "PROJECTPOLICYVIOLATION", "The image is not signed.")
    return passing.on()


@fault("storage-error", plays=Plays.STORAGE, argument=choice("what is wrong", "no-space", "s3"))
def storage_error(passing: Passing, what: str) -> Outgoing:
    """500 `UNKNOWN` whose detail names the storage, for every push: no space is left, or the object store fails."""
    if not passing.asked.pushes or passing.asked.is_opening:
        return passing.on()
    passing.swallow()
    path = f"/docker/registry/v2/repositories/{passing.asked.name}/_uploads"
    if what == "s3":
        return error(500, "UNKNOWN", "unknown error", {"DriverName": "s3aws", "Enclosed": {}})
    detail = {"DriverName": "filesystem", "Enclosed": {"Op": "write", "Path": path, "Err": 28}}
    return error(500, "UNKNOWN", "unknown error", {**detail, "Detail": "no space left on device"})


@fault("health-503", plays=Plays.REGISTRY)
def health(passing: Passing) -> Outgoing:
    """503 `UNAVAILABLE` for whatever is asked: the registry's own health check finds its storage failing."""
    if not passing.asked.is_v2:
        return passing.on()
    passing.swallow()
    body = go_json(
        {"errors": [{"code": "UNAVAILABLE", "message": "service unavailable", "detail": "health check failed"}]}
    )
    return Outgoing(503, Headers.of(JSON), body)


@fault("ghcr-digest-invalid", plays=Plays.REGISTRY)
def ghcr_digest_invalid(passing: Passing) -> Outgoing:
    """400 `DIGEST_INVALID` without a detail for a blob that other registries take, right bytes and right digest."""
    if not passing.asked.is_closing:
        return passing.on()
    passing.swallow()
    return error(400, "DIGEST_INVALID", "provided digest did not match uploaded content")


@fault("nexus-missing-upload", plays=Plays.REGISTRY)
def nexus_missing_upload(passing: Passing) -> Outgoing:
    """400 `BLOB_UPLOAD_INVALID`, "missing upload with uuid", for the PUT of an upload: another Nexus node is asked."""
    asked = passing.asked
    if not (asked.kind == "upload" and asked.is_closing):
        return passing.on()
    passing.swallow()
    return error(400, "BLOB_UPLOAD_INVALID", "blob upload invalid", f"missing upload with uuid {asked.word}")
