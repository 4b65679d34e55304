"""Answers whose bodies are not what they should be: cut off, altered, empty, HTML, stale."""

from __future__ import annotations

import threading
import time as clock
from dataclasses import replace

from explorer.faults.arguments import Which, size, text, time, which
from explorer.faults.bodies import Blocks, framed, known_length
from explorer.faults.contents import last_byte_altered
from explorer.faults.declared import Passing, Plays, fault
from explorer.model import Headers
from explorer.wire.server import Outgoing, pieces_of

_MOST = 10_000


@fault(
    "truncated-blob", plays=Plays.NETWORK, argument=size("how many bytes come", "1k"), known_as=("response-dropped",)
)
def truncated_blob(passing: Passing, length: int) -> Outgoing:
    """A blob breaks off: Content-Length is that of the whole, the connection ends before. A pull can be resumed."""
    answer = passing.on()
    if passing.asked.kind != "blob" or passing.incoming.method != "GET" or answer.status not in (200, 206):
        return answer

    def first() -> Blocks:
        left = length
        for block in pieces_of(answer.body):
            yield block[:left]
            left -= len(block)
            if left <= 0:
                return

    return replace(answer, headers=framed(answer), body=first())


@fault("corrupt-blob", plays=Plays.STORAGE, known_as=("digest-mismatch",))
def corrupt_blob(passing: Passing) -> Outgoing:
    """A blob comes whole, with the right length, but its last byte is another: its digest is not what was asked for."""
    answer = passing.on()
    if (
        passing.asked.kind not in ("blob", "other")
        or passing.incoming.method != "GET"
        or answer.status not in (200, 206)
    ):
        return answer
    return replace(answer, headers=framed(answer), body=last_byte_altered(iter(pieces_of(answer.body))))


@fault("html-instead-of-json", plays=Plays.PROXY, argument=which("GET"), known_as=("not-a-registry",))
def html_instead(passing: Passing, meant: Which) -> Outgoing:
    """200 with a page of HTML where JSON or a manifest is to come: a login page or a portal is in the way.

    Go clients print "invalid character '<' looking for beginning of value".
    """
    if not meant.takes(passing.asked):
        return passing.on()
    page = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form></form></body></html>\n"
    passing.swallow()
    return Outgoing(200, Headers.of(("Content-Type", "text/html; charset=utf-8")), page)


@fault("empty-body", plays=Plays.PROXY, argument=which("GET"), known_as=("response-dropped",))
def empty_body(passing: Passing, meant: Which) -> Outgoing:
    """The answer has its status and its header lines, but no body: "unexpected end of JSON input"."""
    answer = passing.on()
    if not meant.takes(passing.asked) or passing.incoming.method == "HEAD":
        return answer
    return replace(answer, headers=answer.headers.without("Content-Length", "Transfer-Encoding"), body=b"")


@fault(
    "wrong-content-type",
    plays=Plays.PROXY,
    argument=text("TYPE", "the type that is named", "text/plain"),
    known_as=("manifest-generic-type",),
)
def wrong_content_type(passing: Passing, kind: str) -> Outgoing:
    """Every Content-Type is text/plain, whatever comes: a client that goes by it cannot tell what a manifest is."""
    answer = passing.on()
    if not passing.asked.is_v2 or answer.headers.get("Content-Type") is None:
        return answer
    return replace(answer, headers=answer.headers.set("Content-Type", kind))


@fault("caching-proxy-stale-404", plays=Plays.PROXY, argument=time("how long a 404 is kept", "60s"))
class StaleNotFound:
    """404 for the HEAD of a blob that was pushed just now, with `Age` and `X-Cache: HIT`: a cache remembers the first.

    The blob is there; a GET, or the same HEAD later on, finds it.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, Outgoing]] = {}

    def __call__(self, passing: Passing) -> Outgoing:
        """Answer a HEAD from the cache where there is a 404 for it."""
        if passing.incoming.method != "HEAD":
            return passing.on()
        target, now = passing.incoming.target, clock.monotonic()
        kept = self._kept.get(target)
        if kept and now - kept[0] < self._seconds:
            age = (("Age", str(int(now - kept[0]))), ("X-Cache", "HIT"))
            rows = ((name, value) for name, value, _ in kept[1].headers)
            return replace(kept[1], headers=Headers.of(*rows, *age))
        answer = passing.on()
        if answer.status == 404:
            with self._lock:
                if len(self._kept) > _MOST:
                    self._kept.clear()
                length = known_length(answer) or 0
                bare = answer.headers.set("Content-Length", str(length))
                self._kept[target] = (now, Outgoing(404, bare, b""))
        return answer
