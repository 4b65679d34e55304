"""A second registry behind a load balancer that is not what the first one is: another secret, another disk."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable
from urllib.parse import quote, unquote

from explorer.decoders.upload_state import MAC_LENGTH, read_token
from explorer.faults.answers import error
from explorer.faults.changes import with_location
from explorer.faults.declared import Passing, Plays, fault
from explorer.faults.requests import Asked, asked_for
from explorer.wire.server import Outgoing

_STATE = re.compile(r"(?<=[?&]_state=)[^&#]*")
_MASK = bytes(range(1, MAC_LENGTH + 1))
_MOST = 10_000


def with_state(url: str, change: Callable[[str], str]) -> str:
    """Return a URL with its `_state` changed; one without, or with one that cannot be read, stays as it is."""

    def changed(found: re.Match[str]) -> str:
        token = unquote(found[0])
        return found[0] if read_token(token) is None else quote(change(token), safe="")

    return _STATE.sub(changed, url, count=1)


def _of_the_other(token: str) -> str:
    """Return the token with the signature that the other replica would give it; twice, and it is as before."""
    raw = base64.urlsafe_b64decode(token)
    mac = bytes(one ^ other for one, other in zip(raw, _MASK, strict=False))
    return base64.urlsafe_b64encode(mac + raw[MAC_LENGTH:]).decode()


class RoundRobin:
    """Sends requests to the first replica and to the second by turns."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0

    def turn(self) -> int:
        """Return the replica that serves the next request, 0 or 1."""
        with self._lock:
            self._next += 1
            return (self._next - 1) % 2


@fault("replica-secret-mismatch", plays=Plays.DEPLOYMENT)
class SecondSecret:
    """404 `BLOB_UPLOAD_INVALID`, `invalid secret`, for the request after the POST, though its URL is the last Location.

    Two replicas answer by turns, on one storage, each with an `http.secret` of its own: what one has signed the other
    refuses. Sent again, the request gets through. Registries whose Location carries no `_state` are not affected.
    """

    def __init__(self) -> None:
        self._replicas = RoundRobin()

    def __call__(self, passing: Passing) -> Outgoing:
        """Pass a request to the replica whose turn it is."""
        if not passing.asked.is_v2 or self._replicas.turn() == 0:
            return passing.on()
        answer = passing.on(target=with_state(passing.incoming.target, _of_the_other))
        return with_location(answer, lambda location: with_state(location, _of_the_other))


@fault("replica-split-storage", plays=Plays.DEPLOYMENT)
class SplitStorage:
    """404 `BLOB_UPLOAD_UNKNOWN` for the request after the POST; the same request again gets through.

    Two replicas answer by turns, each with a storage of its own (or one whose view is stale), without sticky sessions:
    uploads, blobs and manifests are there only when the replica that took them is asked.
    """

    def __init__(self) -> None:
        self._replicas = RoundRobin()
        self._lock = threading.Lock()
        self._homes: dict[tuple[str, str, str], int] = {}

    def __call__(self, passing: Passing) -> Outgoing:
        """Pass a request to the replica whose turn it is, which may not have what it is about."""
        asked = passing.asked
        if not asked.is_v2:
            return passing.on()
        replica = self._replicas.turn()
        home = self._homes.get(_key(asked))
        if home not in (None, replica) and not (asked.kind == "manifest" and asked.method == "PUT"):
            return _unknown(asked)
        answer = passing.on()
        if answer.status in (201, 202):
            self._remember(asked, answer, replica)
        return answer

    def _remember(self, asked: Asked, answer: Outgoing, replica: int) -> None:
        keys = [_key(asked)] if asked.kind in ("upload", "manifest") else []
        for name in ("Location", "Docker-Content-Digest"):
            value = answer.headers.get(name) or ""
            made = asked_for("GET", re.sub(r"^https?://[^/]*", "", value)) if name == "Location" else None
            if made and made.kind in ("upload", "blob"):
                keys.append(_key(made))
            elif value.startswith("sha") and asked.name:
                kind = "manifest" if asked.kind == "manifest" else "blob"
                keys.append((kind, asked.name, value))
        with self._lock:
            for key in keys:
                self._homes[key] = replica
            while len(self._homes) > _MOST:
                del self._homes[next(iter(self._homes))]


def _key(asked: Asked) -> tuple[str, str, str]:
    return asked.kind, asked.name, unquote(asked.word)


def _unknown(asked: Asked) -> Outgoing:
    if asked.kind == "upload":
        return error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry", "blob upload unknown")
    if asked.kind == "manifest":
        return error(404, "MANIFEST_UNKNOWN", "manifest unknown", f"unknown manifest name={asked.name}")
    return error(404, "BLOB_UNKNOWN", "blob unknown to registry", unquote(asked.word))
