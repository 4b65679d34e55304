"""Chunks that are too small or too large, ranges that tell nothing, shapes of upload that a registry does not know."""

from __future__ import annotations

import threading
from dataclasses import replace

from explorer.faults.answers import error
from explorer.faults.arguments import choice, size
from explorer.faults.bodies import drained
from explorer.faults.changes import without_parameters
from explorer.faults.declared import Passing, Plays, fault
from explorer.wire.server import Outgoing

_MOST = 10_000
_MIB = 1024 * 1024


@fault("chunk-too-small", plays=Plays.REGISTRY, argument=size("the least size of a chunk that is not the last", "5m"))
class ChunkTooSmall:
    """400, "Layer parts must be at least 5 MiB", for what follows a PATCH that was too small.

    The POST says so beforehand, in `OCI-Chunk-Min-Length`. A small chunk shows only when another one comes after it.
    ECR has this limit (LayerPartTooSmallException); status and code are not known from a recording.
    """

    def __init__(self, least: int) -> None:
        self._least = least
        self._lock = threading.Lock()
        self._small: set[str] = set()

    def __call__(self, passing: Passing) -> Outgoing:
        """Remember small chunks, and refuse what comes after one."""
        asked = passing.asked
        if asked.kind == "upload" and asked.method in ("PATCH", "PUT"):
            return self._upload(passing)
        answer = passing.on()
        if asked.is_opening and answer.status == 202:
            return replace(answer, headers=answer.headers.set("OCI-Chunk-Min-Length", str(self._least)))
        return answer

    def _upload(self, passing: Passing) -> Outgoing:
        id = passing.asked.word
        if id in self._small and passing.incoming.body.length != 0:
            passing.swallow()
            return error(400, "BLOB_UPLOAD_INVALID", f"Layer parts must be at least {_mib(self._least)} MiB")
        answer = passing.on()
        if passing.asked.method == "PATCH" and passing.incoming.body.received < self._least:
            with self._lock:
                if len(self._small) > _MOST:
                    self._small.clear()
                self._small.add(id)
        return answer


def _mib(length: int) -> str:
    return f"{length / _MIB:.2f}".rstrip("0").rstrip(".")


@fault("chunk-too-large-416", plays=Plays.REGISTRY, argument=size("the largest body of a PATCH", "4m"))
def chunk_too_large(passing: Passing, most: int) -> Outgoing:
    """416 `REQUESTED_RANGE_NOT_SATISFIABLE` for a PATCH over 4 MiB: "the request body is too large …".

    GHCR has this limit. Smaller chunks, or one PUT with the whole body, get through.
    """
    length = passing.incoming.body.length
    is_patch = passing.asked.kind == "upload" and passing.asked.method == "PATCH"
    if not is_patch or length is None or length <= most:
        return passing.on()
    limit = f"{most / _MIB:.2f}MiB"
    what = f"the request body is too large and exceeds the maximum permissible limit of {limit}"
    return error(416, "REQUESTED_RANGE_NOT_SATISFIABLE", what)


@fault("ecr-patch-201", plays=Plays.REGISTRY)
def patch_201(passing: Passing) -> Outgoing:
    """201 in answer to a PATCH, where the specification says 202. ECR does so; it is to be taken for success."""
    answer = passing.on()
    is_patch = passing.asked.kind == "upload" and passing.asked.method == "PATCH"
    return replace(answer, status=201, reason="Created") if is_patch and answer.status == 202 else answer


@fault("range-not-advancing", plays=Plays.REGISTRY)
class RangeStuck:
    """The Range of the second PATCH is that of the first, and so on: it does not say what the registry has.

    ECR's is stuck at the end of the first chunk while the bytes are all kept.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._first: dict[str, str] = {}

    def __call__(self, passing: Passing) -> Outgoing:
        """Repeat the first Range of an upload."""
        answer = passing.on()
        told = answer.headers.get("Range")
        if passing.asked.kind != "upload" or told is None:
            return answer
        with self._lock:
            if len(self._first) > _MOST:
                self._first.clear()
            first = self._first.setdefault(passing.asked.word, told)
        return replace(answer, headers=answer.headers.set("Range", first))


@fault("chunked-unsupported", plays=Plays.REGISTRY)
def chunked_unsupported(passing: Passing) -> Outgoing:
    """405 `UNSUPPORTED` for a PATCH with Content-Range: only whole uploads are taken.

    Google's Artifact Registry documents that; with what status it refuses is not known from a recording.
    """
    if passing.asked.kind == "upload" and passing.headers.get("Content-Range") and passing.asked.method == "PATCH":
        passing.swallow()
        return error(405, "UNSUPPORTED", "The operation is unsupported.")
    return passing.on()


@fault("single-post-202", plays=Plays.REGISTRY)
def single_post_202(passing: Passing) -> Outgoing:
    """202 for a POST with the digest and the whole body: the body is not used, an upload is open instead.

    distribution does so. It is no error: a PUT to the Location goes on.
    """
    asked = passing.asked
    if not (asked.is_opening and asked.value("digest")):
        return passing.on()
    bare = passing.headers.without("Content-Length", "Transfer-Encoding").set("Content-Length", "0")
    target = without_parameters(passing.incoming.target, "digest")
    return passing.on(target=target, headers=bare, body=drained(passing.incoming.body))


@fault("acr-416-on-put", plays=Plays.REGISTRY)
def acr_416(passing: Passing) -> Outgoing:
    """416 for a PUT with a body: an earlier attempt of it has stored its bytes already, and the offset is not 0.

    ACR, where a client or a proxy has sent the request twice. A new upload gets through, unless it happens again.
    """
    if not (passing.asked.kind == "upload" and passing.asked.is_closing and passing.incoming.body.length != 0):
        return passing.on()
    passing.swallow()
    return error(416, "RANGE_INVALID", "invalid content range")


@fault(
    "quay-range-prefix",
    plays=Plays.REGISTRY,
    argument=choice("which habit of Quay", "post", "status"),
)
def quay_range(passing: Passing, where: str) -> Outgoing:
    """`Range: bytes=0--1` in answer to the POST: a strict parser of ranges stumbles over it.

    Quay writes so; in answer to the status it writes `bytes=0-N`, with an N that is one too high.
    """
    answer = passing.on()
    told = answer.headers.get("Range")
    if told is None:
        return answer
    if where == "post" and passing.asked.is_opening:
        return replace(answer, headers=answer.headers.set("Range", "bytes=0--1"))
    if where == "status" and passing.asked.kind == "upload" and passing.asked.is_read:
        last = told.rpartition("-")[2]
        return replace(answer, headers=answer.headers.set("Range", f"bytes=0-{int(last) + 1}"))
    return answer


@fault("zot-chunked-put-ignored", plays=Plays.REGISTRY)
def chunked_put_ignored(passing: Passing) -> Outgoing:
    """400 `DIGEST_INVALID` for a PUT with a chunked body: without Content-Length the body is not read.

    zot does so where there is no Content-Range either. With a Content-Length, or by PATCH, it gets through.
    """
    is_closing = passing.asked.kind == "upload" and passing.asked.is_closing
    if not is_closing or passing.incoming.body.length is not None or passing.headers.get("Content-Range"):
        return passing.on()
    bare = passing.headers.without("Transfer-Encoding").set("Content-Length", "0")
    return passing.on(headers=bare, body=drained(passing.incoming.body))
