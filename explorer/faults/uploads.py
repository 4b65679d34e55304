"""Upload sessions that are lost, sent twice, or may not be asked for; mounts that come to nothing."""

from __future__ import annotations

import base64
import json
import re
import threading
import time

from explorer.decoders.upload_state import MAC_LENGTH
from explorer.faults.answers import error
from explorer.faults.arguments import choice, count
from explorer.faults.bodies import drained
from explorer.faults.challenges import scope_refused
from explorer.faults.changes import with_location, without_parameters
from explorer.faults.declared import Passing, Plays, fault
from explorer.faults.replicas import with_state
from explorer.faults.requests import asked_for
from explorer.wire.server import Outgoing

_EIGHT_DAYS = 8 * 86400
_MOST = 10_000


def upload_id(passing: Passing, answer: Outgoing) -> str:
    """Return the id of the upload that a request is about, or that its answer opens; empty where there is none."""
    asked = passing.asked
    if asked.kind == "upload":
        return asked.word
    location = re.sub(r"^https?://[^/]*", "", answer.headers.get("Location") or "")
    opened = asked_for("PATCH", location)
    return opened.word if asked.is_opening and opened.kind == "upload" else ""


@fault("upload-gone", plays=Plays.PROXY)
def upload_gone(passing: Passing) -> Outgoing:
    """404 `BLOB_UPLOAD_UNKNOWN` for a PUT that closes an upload without a body, and yet the blob is there.

    A proxy sends the request a second time, as after a lost answer; what comes back is the answer to the second.
    """
    if not (passing.asked.kind == "upload" and passing.asked.is_closing and passing.incoming.body.length == 0):
        return passing.on()
    passing.on()
    return passing.on()


@fault("upload-purged", plays=Plays.REGISTRY, argument=count("how many requests to an upload go through first", "1"))
class Purged:
    """404 `BLOB_UPLOAD_UNKNOWN` for an upload that has gone well so far: its session has been purged.

    `StartedAt` in the Location's `_state` lies eight days back; distribution purges after seven, zot and Quay after an
    hour. What had been sent is gone.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._passed: dict[str, int] = {}
        self._true: dict[str, str] = {}  # from the state that was shown to the one that the registry has signed

    def __call__(self, passing: Passing) -> Outgoing:
        """Let a request through while the upload lives; then end it."""
        if passing.asked.kind not in ("open", "upload"):
            return passing.on()
        target = with_state(passing.incoming.target, lambda shown: self._true.get(shown, shown))
        if passing.asked.kind == "upload" and passing.asked.method != "DELETE" and self._is_over(passing.asked.word):
            passing.swallow()
            passing.on(
                method="DELETE", target=without_parameters(target, "digest"), body=drained(passing.incoming.body)
            )
            return error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry", "blob upload unknown")
        return with_location(passing.on(target=target), lambda location: with_state(location, self._aged))

    def _is_over(self, id: str) -> bool:
        with self._lock:
            self._passed[id] = self._passed.get(id, 0) + 1
            while len(self._passed) > _MOST:
                del self._passed[next(iter(self._passed))]
            return self._passed[id] > self._most

    def _aged(self, token: str) -> str:
        raw = base64.urlsafe_b64decode(token)
        fields = json.loads(raw[MAC_LENGTH:])
        fields["StartedAt"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - _EIGHT_DAYS))
        shown = base64.urlsafe_b64encode(raw[:MAC_LENGTH] + json.dumps(fields, separators=(",", ":")).encode()).decode()
        with self._lock:
            self._true[shown] = token
            while len(self._true) > _MOST:
                del self._true[next(iter(self._true))]
        return shown


@fault("cancel-needs-delete", plays=Plays.REGISTRY)
def cancel_needs_delete(passing: Passing) -> Outgoing:
    """401 `insufficient_scope` for the DELETE that cancels an upload: it needs the action delete, not push.

    distribution asks so; the upload goes on lying there until it is purged. It may be ignored.
    """
    asked = passing.asked
    if asked.kind == "upload" and asked.method == "DELETE":
        return scope_refused(passing, (asked.name, ("delete",)))
    return passing.on()


@fault("mount-not-done", plays=Plays.REGISTRY)
def mount_not_done(passing: Passing) -> Outgoing:
    """202 and a Location for every mount: the blob is not taken over, an upload is open instead. It is no error."""
    target = without_parameters(passing.incoming.target, "mount", "from", "origin")
    return passing.on(target=target) if passing.asked.is_opening else passing.on()


@fault("mount-needs-source-scope", plays=Plays.REGISTRY)
def mount_needs_source(passing: Passing) -> Outgoing:
    """401 `insufficient_scope` for a mount: the token must allow to pull from the source, too; the scope names both."""
    asked = passing.asked
    source = asked.value("from").replace("%2F", "/").replace("%2f", "/")
    if not (asked.is_opening and asked.value("mount") and source):
        return passing.on()
    return scope_refused(passing, (asked.name, ("pull", "push")), (source, ("pull",)))


@fault("status-unsupported", plays=Plays.REGISTRY, argument=choice("what is answered", "405", "404", "400"))
def status_unsupported(passing: Passing, status: str) -> Outgoing:
    """405, 404 or 400 to the GET that asks how far an upload is: the registry has no such endpoint.

    400 is what the test registry of crane says: `NAME_INVALID`, `invalid digest`.
    """
    asked = passing.asked
    if not (asked.kind == "upload" and asked.is_read):
        return passing.on()
    if status == "400":
        return error(400, "NAME_INVALID", "invalid digest")
    if status == "404":
        return error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")
    return error(405, "UNSUPPORTED", "The operation is unsupported.")
