"""Uploads that the registry does not know any more: finished, cancelled, purged, or another replica's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen
from explorer.model import Exchange, Request

_PURGE_AGE = 168 * 3600


def _gone(seen: Seen) -> bool:
    return seen.kind == "upload" and seen.status == 404 and "BLOB_UPLOAD_UNKNOWN" in seen.codes


@rule(
    "upload-gone",
    "likely",
    when="answered",
    before=True,
    fix="Ask with HEAD whether the blob is there already; else begin a new upload with POST.",
    covers=("replica-split-storage",),
    sources=("observed with distribution 3",),
)
def upload_gone(seen: Seen) -> Iterator[Found]:
    """The upload was finished or cancelled before, so that its address leads nowhere.

    A PUT that is sent once more after it succeeded is answered so; the blob is there all the same.
    """
    yield from _sent_twice(seen)
    upload = seen.upload
    is_asked = _gone(seen) or (seen.is_draft and seen.kind == "upload")
    if not is_asked or upload is None or not (upload.finished or upload.cancelled):
        return
    id = upload.finished or upload.cancelled
    how = "finished" if upload.finished else "cancelled"
    yield Found(
        f"the upload was {how} by exchange {id}",
        f"exchange {id} was answered {'201' if upload.finished else '204'} on this upload",
        (seen.at_target(),),
        _head_of_blob(seen),
        "a HEAD of the blob, to see whether it is there",
        certainty="likely" if seen.is_draft else "decides",
        also=(id,),
    )


def _sent_twice(seen: Seen) -> Iterator[Found]:
    """Find a blob that is there though its PUT was told that there is no such upload: it had been done before."""
    if seen.kind != "blob" or seen.status != 200 or seen.named.reference in ("", None):
        return
    for id in seen.history.failures_of("blob", seen.named.repository, seen.named.reference):
        failed = seen.history.exchanges[id]
        if failed.request.method == "PUT" and failed.status == 404 and _has_code(failed, b"BLOB_UPLOAD_UNKNOWN"):
            yield Found(
                f"the PUT of exchange {id} had been done already when it was answered 404",
                f"exchange {id} was told that there is no such upload, and the blob is there",
                (seen.at_answer(),),
                also=(id,),
                who="proxy",
                fix="Nothing is to be done about the blob. Look for what sends requests twice "
                "(proxy_next_upstream in nginx, a "
                "retry after an answer that was lost).",
            )


def _has_code(exchange: Exchange, code: bytes) -> bool:
    body = exchange.response.body if exchange.response else b""
    return isinstance(body, bytes) and code in body


def _head_of_blob(seen: Seen) -> Request | None:
    if not seen.digest:
        return None
    target = f"{seen.named.prefix}/v2/{seen.named.repository}/blobs/{seen.digest}"
    kept = seen.request.headers.without(
        "Content-Length", "Content-Type", "Content-Range", "Transfer-Encoding", "Expect"
    )
    return replace(seen.request, method="HEAD", target=target, headers=kept, body=b"")


@rule(
    "upload-purged",
    "likely",
    who="registry",
    fix="Begin a new upload; where uploads must live longer, raise storage.maintenance.uploadpurging.age (168h), "
    "zot's gcDelay "
    "(1h), Quay's time for pushes (1h a layer).",
    covers=("replica-split-storage",),
    sources=("distribution 3, source", "zot, source", "Quay, configuration"),
)
def upload_purged(seen: Seen) -> Iterator[Found]:
    """The upload is older than the age at which the registry purges unfinished ones, and it is gone."""
    if not _gone(seen) or (seen.upload and (seen.upload.finished or seen.upload.cancelled)):
        return
    age = _age(seen)
    if age > _PURGE_AGE or (age > 3600 and seen.registry in ("zot", "Quay")):
        began = seen.state.started_at if seen.state else "earlier"
        yield Found(
            "the upload was purged as too old",
            f"the token decodes to StartedAt {began}, which is {age / 3600:.0f} hours before this request",
            (seen.at_query("_state"),),
        )


def _age(seen: Seen) -> float:
    started = seen.exchange.timings.started
    if seen.state and started:
        try:
            began = datetime.fromisoformat(seen.state.started_at.partition(".")[0].rstrip("Z") + "+00:00").timestamp()
        except ValueError:
            return 0.0
        return started - began
    return started - seen.upload.opened_at if seen.upload and seen.upload.opened_at and started else 0.0


@rule(
    "replica-split-storage",
    "likely",
    who="registry",
    fix="Put all replicas on one object storage (or send each client to one replica, by affinity); on NFS, switch "
    "attribute "
    "caching off.",
    sources=(
        "distribution/distribution#2225",
        "distribution/distribution#3901",
        "deis/registry#84",
        "goharbor/harbor#15234",
    ),
)
def replica_split_storage(seen: Seen) -> Iterator[Found]:
    """The registry does not know the upload that it has just opened: another replica, which has other storage,
    answered.

    The signature of the token was accepted, so the replicas share their secret. NFS with stale caches looks the same,
    now and then.
    """
    upload = seen.upload
    if not _gone(seen) or upload is None or not upload.opened or upload.finished or upload.cancelled:
        return
    if _age(seen) > 3600:
        return
    yield Found(
        "the registry does not know the upload that it has opened",
        f"exchange {upload.opened} opened it, {_age(seen):.1f} s before, and nothing finished or cancelled it",
        (seen.at_target(), seen.at_body("BLOB_UPLOAD_UNKNOWN")),
        also=(upload.opened,),
        otherwise=(
            *(("upload-gone: the request was sent twice, and the first one did it",) if seen.method == "PUT" else ()),
            "the upload was purged or cancelled by somebody else",
            "the registry was started anew on empty storage",
        ),
        experiment="send the same request several times: where it works now and then, replicas do not share their "
        "storage",
    )


@rule(
    "upload-unknown",
    "likely",
    fix="Begin a new upload with POST, and use the Location of each answer for the next request.",
    sources=("distribution-spec, spec.md, Error Codes",),
)
def upload_unknown(seen: Seen) -> Iterator[Found]:
    """The registry knows no such upload: it is finished, cancelled or purged, or another replica has it.

    What happened before is not in the evidence.
    """
    if _gone(seen) and (seen.upload is None or not seen.upload.opened) and not (_age(seen) > 3600):
        yield Found(
            "the registry knows no such upload",
            "",
            (seen.at_target(), seen.at_body("BLOB_UPLOAD_UNKNOWN")),
            otherwise=(
                "upload-gone: it was finished or cancelled before",
                "replica-split-storage: another replica opened it",
                "upload-purged: it became too old",
            ),
            experiment="record the whole push from its POST on; where the POST is seconds old, replicas are the "
            "likely cause",
        )
