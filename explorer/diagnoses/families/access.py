"""Being refused: 403, a HEAD without a reason, a body that cannot be sent again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen

_NOT_ACCESS = (
    "quota",
    "configured upper limit",
    "read only",
    "read-only",
    "proxy project",
    "expired",
    "SignatureDoesNotMatch",
)


@rule(
    "denied",
    "likely",
    who="registry",
    fix="Give the account the right to do this in the registry's administration, or use an account that has it.",
    sources=("tuna-os/tunaOS#642", "macbre/push-to-ghcr#31", "distribution-spec, spec.md, Error Codes"),
)
def denied(seen: Seen) -> Iterator[Found]:
    """The credentials were understood, and they do not allow this: 403 DENIED, without a challenge.

    GHCR: the package is not linked to the repository, or the token lacks write:packages. Docker Hub says "requested
    access to the resource is denied" for names that do not exist, too.
    """
    is_denied = seen.status == 403 and seen.who != "proxy" and seen.method != "HEAD" and seen.kind != "other"
    if not (is_denied or ("DENIED" in seen.codes and seen.status < 500)) or seen.says(*_NOT_ACCESS):
        return
    yield Found(
        f"{seen.method} on {seen.named.repository or 'the registry'} is not allowed",
        " ".join(f"{error.code} {error.message} {error.detail}".strip() for error in seen.errors[:2]),
        (seen.at_answer(), seen.at_body("DENIED")),
        fix=_fix(seen),
        key=seen.named.repository,
    )


def _fix(seen: Seen) -> str:
    if seen.registry == "GHCR" or seen.says("write_package", "organization package"):
        return (
            "Link the package to the repository (package settings, Manage Actions access), and use a token with "
            "write:packages (in Actions: permissions: packages: write)."
        )
    if seen.registry == "Docker Hub":
        return (
            "Check the spelling of NAMESPACE/NAME, create the repository or join its team, and log in as that account."
        )
    if seen.registry == "ECR":
        return (
            "Give the role ecr:InitiateLayerUpload, UploadLayerPart, CompleteLayerUpload, PutImage on the repository."
        )
    if seen.registry == "Harbor":
        return "Make the account a developer (or above) of the project; a robot account needs the push permission."
    return ""


@rule(
    "head-403-no-body",
    "likely",
    fix="Ask the same by GET, whose answer has a body that says why; then see `explain denied`.",
    sources=("docker/build-push-action#981", "containerd, source (pusher.go)"),
)
def head_403_no_body(seen: Seen) -> Iterator[Found]:
    """A HEAD was refused with 403, and answers to HEAD have no body that could say why.

    GHCR and ECR answer so, where a token lacks a right or the repository does not exist.
    """
    if seen.method == "HEAD" and seen.status == 403 and seen.kind != "other":
        yield Found(
            "a HEAD was refused, and its answer cannot say why",
            "",
            (seen.at_answer(),),
            replace(seen.request, method="GET"),
            "GET instead of HEAD",
            key=seen.named.repository,
        )


@rule(
    "body-not-replayable",
    "likely",
    fix="Get the token before the body is sent (docker login, a GET /v2/ first), and mend what made the request fail.",
    sources=("goharbor/harbor#9113", "docker/build-push-action#452"),
)
def body_not_replayable(seen: Seen) -> Iterator[Found]:
    """A request was refused after its body had been streamed, and the client could not send it a second time.

    The client's "body cannot be replayed" hides the refusal (401, 5xx or a redirect) that came before it.
    """
    if seen.says("cannot be replayed", "cannot reuse body", "request must be retried", "body already consumed"):
        yield Found("the body could not be sent a second time", seen.text[:160], (seen.at_failure,))
        return
    streamed = (seen.q("Transfer-Encoding") or "").lower() == "chunked"
    if seen.status == 401 and streamed and seen.method in ("PATCH", "PUT") and not seen.q("Authorization"):
        yield Found(
            "the body was streamed into a request that was to be refused with 401",
            f"{seen.method} was sent chunked and without Authorization; what asks again has to send the body again",
            (seen.at_header("Transfer-Encoding"), seen.at_answer()),
        )
