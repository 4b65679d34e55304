"""Mounts and single POSTs: normal answers that people take for failures, and the one that is a failure."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen
from explorer.spec.locations import query_values


@rule(
    "mount-not-done",
    "hint",
    when="answered",
    fix="Upload the blob to the Location of this answer, or cancel that upload.",
    sources=("distribution-spec, spec.md, end-11", "observed with distribution 3"),
)
def mount_not_done(seen: Seen) -> Iterator[Found]:
    """The mount was answered 202: it was not done, and an upload is open in its place. That is no error.

    The blob is not in the source, the credentials do not reach it, or the registry does not mount.
    """
    if seen.kind == "uploads" and seen.status == 202 and query_values(seen.target, "mount"):
        yield Found(
            "the blob was not mounted; an upload is open instead", "", (seen.at_query("mount"), seen.at_answer())
        )


@rule(
    "mount-needs-source-scope",
    "decides",
    fix="Ask the token service for both scopes (pull on the source, pull,push on the target), or send the POST "
    "without mount.",
    covers=("insufficient-scope",),
    sources=("google/go-containerregistry#1404", "observed with distribution 2.8 and 3"),
)
def mount_needs_source_scope(seen: Seen) -> Iterator[Found]:
    """The token does not allow pulling from the repository that the blob is to be mounted from."""
    scopes = {scope for challenge in seen.challenges for scope in challenge.scopes}
    if seen.kind == "uploads" and seen.status == 401 and query_values(seen.target, "mount") and len(scopes) > 1:
        yield Found(
            "the token lacks pull on the repository to mount from",
            f"the challenge asks for {' and '.join(sorted(scopes))}",
            (seen.at_answer("WWW-Authenticate"), seen.at_query("from")),
            seen.with_target(seen.target.partition("?")[0]),
            "a POST without mount, which opens a plain upload",
        )


@rule(
    "mount-without-source",
    "likely",
    fix="Name the repository to mount from: ?mount=DIGEST&from=REPOSITORY.",
    sources=("zot and Quay, source",),
)
def mount_without_source(seen: Seen) -> Iterator[Found]:
    """`mount` and `from` belong together here: zot answers 405 to from alone, Quay fails without from."""
    mounts, sources = query_values(seen.target, "mount"), query_values(seen.target, "from")
    if seen.kind == "uploads" and bool(mounts) != bool(sources) and seen.status >= 400 and not seen.challenges:
        missing = "from" if mounts else "mount"
        yield Found(f"the mount has no {missing}", "", (seen.at_target(),))


@rule(
    "single-post-202",
    "hint",
    when="answered",
    fix="Go on with PUT to the Location, with the bytes once more.",
    sources=("distribution-spec, spec.md, end-4b", "distribution/distribution#1170"),
)
def single_post_202(seen: Seen) -> Iterator[Found]:
    """The POST with a digest was answered 202: the registry does not take a blob in one POST and did not use the body.

    That is no error; distribution always answers so.
    """
    if seen.kind == "uploads" and seen.method == "POST" and seen.status == 202 and seen.digest:
        yield Found("the body of the POST was not used", "", (seen.at_query("digest"), seen.at_answer()))
