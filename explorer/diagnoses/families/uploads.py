"""Upload sessions: Locations that are out of date, and uploads that the registry does not tell of or end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.families.state import at_location
from explorer.diagnoses.logged import logged_words
from explorer.diagnoses.seen import Seen
from explorer.model import Request
from explorer.spec.locations import query_values


def _says_stale(seen: Seen) -> bool:
    """Say whether the answer is the one to a token whose offset is not the upload's."""
    if seen.status == 416 and ("RANGE_INVALID" in seen.codes or not seen.knows("response.body")):
        return True
    if "BLOB_UPLOAD_INVALID" not in seen.codes:
        return False
    return seen.status == 416 or (seen.status == 404 and seen.detail("BLOB_UPLOAD_INVALID") == "")


@rule(
    "stale-after-failed-put",
    "decides",
    fix="Ask the upload's status and close it with an empty PUT and the right digest (distribution 3); with 2.x "
    "begin anew.",
    covers=("stale-location", "chunk-out-of-order", "acr-416-on-put"),
    sources=("observed with distribution 2.8 and 3",),
)
def stale_after_failed_put(seen: Seen) -> Iterator[Found]:
    """A PUT with a body failed on this upload before, and its bytes were stored all the same.

    The upload stands further now than the Location says, so the same URL is refused: 416 in 3.x, 404 in 2.x.
    """
    upload = seen.upload
    if upload is None or not _says_stale(seen):
        return
    failed = next((e for e in reversed(upload.events) if e.method == "PUT" and e.status >= 400 and e.size), None)
    if failed and seen.target.partition("?")[0] and upload.location_from < failed.id:
        yield Found(
            f"the PUT of exchange {failed.id} failed, but its {failed.size:,} bytes were stored",
            f"exchange {failed.id} sent {failed.size:,} bytes to this upload and was answered {failed.status}; "
            "no newer Location came since",
            (seen.at_target(), seen.at_answer()),
            _status_of(seen),
            "a GET of the upload, which answers with where it stands and a new Location",
            also=(failed.id,),
        )


@rule(
    "stale-location",
    "decides",
    when="always",
    before=True,
    fix="Use the Location of the newest answer; with distribution 3, a GET of the upload answers with a new one.",
    covers=("chunk-out-of-order",),
    sources=("opencontainers/distribution-spec#415", "observed with distribution 2.8 and 3"),
)
def stale_location(seen: Seen) -> Iterator[Found]:
    """An older Location was used: each answer of an upload brings a new one, and the token in it says how far it was.

    3.x answers 416 RANGE_INVALID without detail, 2.x 404 BLOB_UPLOAD_INVALID without detail.
    """
    upload = seen.upload
    if seen.kind != "upload" or seen.worked or not (seen.is_draft or seen.response is None or _says_stale(seen)):
        return
    if seen.method in ("GET", "HEAD") and seen.generation != "2":
        return
    if upload is None or not upload.location:
        yield from _stale_by_itself(seen)
        return
    newest_state = query_values(upload.location, "_state")
    mine = query_values(seen.target, "_state")
    if not mine or not newest_state:
        return
    token, newest = (unquote(unquote(value[0].partition("?")[0])).rstrip("=") for value in (mine, newest_state))
    if newest.startswith(token) or not seen.tells(token + newest):
        return
    edit = at_location(seen, upload.location)
    yield Found(
        "an older Location was used",
        _offset_proof(seen),
        (seen.at_query("_state"), seen.at_answer()),
        edit,
        f"the Location of exchange {upload.location_from}",
    )


def _stale_by_itself(seen: Seen) -> Iterator[Found]:
    """Find a Location that is not the newest without an answer that would have brought a newer one."""
    state = seen.state
    if state is None and _is_cut_short(seen) and _is_refused_without_a_detail(seen):
        yield Found(
            "the Location is most likely not the newest",
            "the token is cut short here; a token that is not base64, or of another secret, is refused with a detail",
            (seen.at_query("_state"), seen.at_body()),
            certainty="likely",
            otherwise=("the token is of another upload or repository than the path",),
            experiment="compare the token with the Location of the newest answer, character by character",
        )
    if state is None or not seen.is_refused:
        return
    offset = f"the token decodes to Offset {state.offset:,}, and the upload stands elsewhere"
    logged = re.search(r"upload resumed at wrong off(?:se|es)t: (\d+) != (\d+)", logged_words(seen.exchange))
    if logged:
        proof = f"the token decodes to Offset {state.offset:,}, and the log says: {logged[0]}"
        yield Found("the Location is not the newest", proof, (seen.at_query("_state"),))
    elif "RANGE_INVALID" in seen.codes and seen.q("Content-Range") is None:
        yield Found("the Location is not the newest", offset, (seen.at_query("_state"),), certainty="likely")
    elif _is_refused_without_a_detail(seen) and (state.name, state.uuid) == (
        seen.named.repository,
        seen.named.reference,
    ):
        yield Found(
            "the Location is not the newest",
            f"{offset}: the token's repository and upload are those of the path, and its signature was not refused, so "
            "that its Offset is what is left",
            (seen.at_query("_state"), seen.at_body()),
            certainty="likely",
            otherwise=("the upload is another replica's, whose storage has other bytes of it",),
            experiment="GET the upload's URL with this token, or look at the answers before: one of them has a newer "
            "Location",
        )


def _is_cut_short(seen: Seen) -> bool:
    token = unquote((query_values(seen.target, "_state") or [""])[0])
    return "..." in token or "\u2026" in token or "\u00e2\u0080\u00a6" in token


def _is_refused_without_a_detail(seen: Seen) -> bool:
    return seen.status == 404 and "BLOB_UPLOAD_INVALID" in seen.codes and not seen.detail("BLOB_UPLOAD_INVALID")


def _offset_proof(seen: Seen) -> str:
    upload, state = seen.upload, seen.state
    if upload is None:
        return ""
    newest = f"the newest Location is exchange {upload.location_from}'s"
    if state and upload.accepted_from and state.offset != upload.accepted:
        return (
            f"the token decodes to Offset {state.offset:,}, but {upload.accepted:,} bytes had been accepted by "
            "exchange "
            f"{upload.accepted_from}; {newest}"
        )
    return f"this token came earlier; {newest}"


def _status_of(seen: Seen) -> Request:
    bare = seen.target.partition("?")[0] if seen.generation == "3" else seen.target
    kept = seen.request.headers.without(
        "Content-Length", "Content-Type", "Content-Range", "Transfer-Encoding", "Expect"
    )
    return replace(seen.request, method="GET", target=bare, headers=kept, body=b"")


@rule(
    "status-unsupported",
    "decides",
    fix="Begin the upload anew; this registry does not tell how far one is.",
    sources=("observed with go-containerregistry's test registry", "artifact-keeper/artifact-keeper#3275"),
)
def status_unsupported(seen: Seen) -> Iterator[Found]:
    """The registry has no status for uploads (end-13): GET on the upload's URL is refused, though the upload lives."""
    lives = seen.upload is not None and not (seen.upload.finished or seen.upload.cancelled)
    is_status = seen.kind == "upload" and seen.method in ("GET", "HEAD") and seen.status in (400, 404, 405, 501)
    if is_status and lives and "BLOB_UPLOAD_UNKNOWN" not in seen.codes and "BLOB_UPLOAD_INVALID" not in seen.codes:
        yield Found("this registry does not tell how far an upload is", "", (seen.at_answer(),))


@rule(
    "cancel-needs-delete",
    "decides",
    fix="Leave the upload (the registry purges it), or ask the token service for the action delete, too.",
    covers=("insufficient-scope",),
    sources=("observed with distribution 2.8 and 3", "containers/image, source"),
)
def cancel_needs_delete(seen: Seen) -> Iterator[Found]:
    """Cancelling an upload wants the action delete, and the token allows pull and push.

    distribution asks for it; clients ignore the refusal.
    """
    scopes = [scope for challenge in seen.challenges for scope in challenge.scopes]
    wants_delete = any(scope.endswith(":delete") or ",delete" in scope for scope in scopes)
    if seen.kind == "upload" and seen.method == "DELETE" and seen.status == 401 and wants_delete:
        yield Found(
            "cancelling the upload needs the action delete",
            f"the challenge asks for {' '.join(scopes)}",
            (seen.at_answer("WWW-Authenticate"),),
        )
