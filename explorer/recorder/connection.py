"""One client's connection: its requests one after the other, each recorded with its answer.

Each origin that the client's requests lead to has a connection that belongs to the client's alone and lives as long:
when one side closes, the other side is closed; a half-close is passed on as one.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from explorer.errors import Problem, WireError
from explorer.model import Connection, Origin
from explorer.recorder.answering import Answering, ClientGone, UpstreamGone
from explorer.recorder.framing import framing_of_request
from explorer.recorder.inflow import Inflow
from explorer.recorder.passage import Passage
from explorer.recorder.sending import Sending
from explorer.recorder.shop import Shop
from explorer.recorder.translating import Translated, told_head, translated
from explorer.wire.heads import RequestHead, read_request
from explorer.wire.streams import Stream, Watch

if TYPE_CHECKING:
    from explorer.recorder.faulty import FaultyConnection

_LINGER_SECONDS = 2.0
_TICK_SECONDS = 0.02
_LONGEST_SHOWN = 60


@dataclass(slots=True)
class _Upstream:
    inflow: Inflow
    connection: Connection
    watch: Watch  # for it and the client
    is_used: bool = False

    def used_by(self, proxy: str) -> Connection:
        """Return what it is for a request at hand; for any further one it is used already."""
        if (self.connection.reused, self.connection.proxy) != (self.is_used, proxy):
            self.connection = replace(self.connection, reused=self.is_used, proxy=proxy)
        self.is_used = True
        return self.connection


class ClientConnection:
    """A connection that a client made, and those that were made for it."""

    def __init__(self, client: Stream, shop: Shop) -> None:
        self._client = Inflow(client)
        self._shop = shop
        self._described = client.describe()
        self._upstreams: dict[Origin, _Upstream] = {}
        self._last: Origin | None = None
        self._is_stopped = False
        self._resets = False
        self._is_whole = True  # the head at hand
        self._faulty: FaultyConnection | None = None

    def serve(self) -> None:
        """Pass on requests until one side is done, then close all. Raises nothing of the network's."""
        try:
            while self._serve_one():
                if not self._described.reused:
                    self._described = replace(self._described, reused=True)
            if not (self._is_stopped or self._resets):
                self._linger()
        except OSError:
            self._resets = True
        finally:
            self._client.stream.close(reset=self._resets)
            for upstream in self._upstreams.values():
                upstream.inflow.stream.close(reset=self._resets)

    def stop(self) -> None:
        """End everything from another thread; what is under way is recorded as interrupted."""
        self._is_stopped = True
        self._client.stream.stop()
        for upstream in list(self._upstreams.values()):
            upstream.inflow.stream.stop()
        if self._faulty:
            self._faulty.stop()

    def _serve_one(self) -> bool:
        raw = self._next_head()
        if not raw:
            return False
        if self._shop.faults.on and self._is_whole and self._went_on_with_faults(raw):
            return False
        passage = self._shop.passage(raw, self._described)
        head = read_request(raw)
        try:
            if not self._is_whole:
                passage.fail("client-gone", f"The client closed after {len(raw)} bytes of a request's head.")
                return False
            if head is None:
                return self._answer(passage, 400, "not-http", self._not_http(raw))
            return self._pass_on(passage, head)
        finally:
            if self._is_stopped:
                passage.failure = None
                passage.fail("interrupted", "The recorder was ended before this was through.")
            self._shop.record(passage)

    def _went_on_with_faults(self, raw: bytes) -> bool:
        """Serve the rest of the connection through the faults; False where its head cannot go through them."""
        from explorer.recorder.faulty import FaultyConnection, can_be_taken  # late: it wants a server's parts

        if not can_be_taken(raw):
            return False
        self._faulty = FaultyConnection(self._client.stream, self._described, self._shop)
        if not self._is_stopped:
            self._faulty.serve(raw + self._client.take(len(self._client)))
        return True

    def _next_head(self) -> bytes:
        """Return the next head, or what cannot be one; nothing where it is over between two requests."""
        client = self._client
        while not (length := client.head_length()):
            if client.is_full or (len(client) and bytes(client.view()[:1]) < b"!" and not _is_blank(client)):
                return client.take(len(client))
            if not self._more():
                self._is_whole = False
                return client.take(len(client)) if not _is_blank(client) else b""
        return client.take(length)

    def _more(self) -> bool:
        """Wait for the client; False where it has ended, or the connection that answered last has."""
        last = self._upstreams.get(self._last) if self._last else None
        if last is None:
            return self._client.fill()
        self._pass_on_unasked(last)
        while True:
            ready = last.watch.wait()
            if last.inflow.stream in ready and self._upstream_has_ended(last):
                return False
            if self._client.stream in ready:
                return self._client.fill()

    def _upstream_has_ended(self, last: _Upstream) -> bool:
        """Pass on what comes without a request (a 408, say), and say whether that was the end."""
        received = last.inflow.try_to_fill()
        self._pass_on_unasked(last)
        return received == 0

    def _pass_on_unasked(self, last: _Upstream) -> None:
        if count := len(last.inflow):
            self._client.stream.send(last.inflow.view())
            last.inflow.drop(count)

    def _pass_on(self, passage: Passage, head: RequestHead) -> bool:
        try:
            into = translated(self._shop, head)
            self._note(passage, into)
            upstream = self._upstream(into.way.origin, passage)
        except WireError as bad:
            return self._answer(passage, 502, bad.kind, bad.sentence, head.method)
        except Problem as bad:
            return self._answer(passage, 421, "unsendable", bad.sentence, head.method)
        passage.connection = upstream.used_by(into.proxy)
        self._last = into.way.origin
        walk = framing_of_request(head.headers)
        if walk.doubt:
            passage.note("framing-in-doubt", f"Passed on until the connection ends, since {walk.doubt}.", walk.doubt)
        passage.sent_head = self._shop.pauses.request(into.way.origin, into.head)
        sending = Sending(self._client, upstream.inflow.stream, walk, passage)
        sending.begin(passage.sent_head)
        answering = Answering(
            upstream.inflow,
            self._client.stream,
            upstream.watch,
            sending,
            passage,
            lambda answer: self._shop.pauses.answer(into.way.origin, into.head, told_head(self._shop, into, answer)),
        )
        return self._relay(passage, answering, sending, upstream, head.method)

    def _relay(
        self, passage: Passage, answering: Answering, sending: Sending, upstream: _Upstream, method: str
    ) -> bool:
        goes_on = False
        try:
            goes_on = answering.relay(method)
            passage.finish()
            if not goes_on:
                self._client.stream.end_sending()
            goes_on = self._finish_sending(sending, upstream) and goes_on
        except ClientGone:
            passage.fail(
                "client-gone", f"The client went away after {passage.got.size} bytes of the answer's body had come."
            )
            self._resets = True
            upstream.inflow.stream.stop()
        except UpstreamGone as gone:
            passage.fail("closed", _closed(passage, is_reset=gone.is_reset))
            self._resets = gone.is_reset
            self._end_client()
        finally:
            passage.finish()
            while not sending.wait(_TICK_SECONDS):
                upstream.inflow.stream.stop()
                self._client.stream.stop()
        if sending.ended in ("client-ended", "client-broke") and passage.answer is None:
            passage.failure = None
            passage.fail("client-gone", f"The client closed after {passage.sent.size} bytes of the request's body.")
        return goes_on and sending.is_whole and sending.walk.is_bounded

    def _finish_sending(self, sending: Sending, upstream: _Upstream) -> bool:
        """Wait for the rest of a body that was answered early; False where the upstream has closed meanwhile."""
        watch: Watch | None = None
        is_open = True
        while not sending.wait(_TICK_SECONDS if is_open else _LINGER_SECONDS):
            if not is_open:
                return False
            watch = watch or Watch(upstream.inflow.stream)
            if watch.wait(0) and upstream.inflow.try_to_fill() == 0:
                is_open = False
                self._client.stream.end_sending()
        return is_open

    def _end_client(self) -> None:
        if not self._resets:
            self._client.stream.end_sending()

    def _note(self, passage: Passage, into: Translated) -> None:
        passage.way = into.way
        passage.proposed_head = into.head
        for name in into.withheld:
            passage.note("withheld", f"{name} was held back: it was not meant for {into.way.origin}.", name)

    def _upstream(self, origin: Origin, passage: Passage) -> _Upstream:
        """Return the connection to an origin; raises WireError. One that has closed since it was used is made anew."""
        known = self._upstreams.get(origin)
        if known and origin != self._last and known.inflow.try_to_fill() == 0:
            known.inflow.stream.close()
            known = None
        if known is None:
            stream = self._shop.reaching.reach(origin)
            known = _Upstream(Inflow(stream), stream.describe(), Watch(stream, self._client.stream))
            self._upstreams[origin] = known
            passage.connected_at = time.perf_counter()
            if self._is_stopped:
                stream.stop()
        return known

    def _not_http(self, raw: bytes) -> str:
        if raw[:2] == b"\x16\x03":
            return (
                "The client began in TLS, and the recorder is spoken to in plain http: "
                "have the client use http for it (--plain-http, --tls-verify=false, or an insecure registry)."
            )
        first, _, _ = raw.lstrip(b"\r\n").partition(b"\n")
        if read_request(first):
            return "The line after the client's request line begins with a blank: not passed on (RFC 9112, 2.2)."
        return f"The client sent something that is not HTTP: {repr(first[:_LONGEST_SHOWN])[1:]}."

    def _answer(self, passage: Passage, status: int, kind: str, sentence: str, method: str = "GET") -> bool:
        """Answer in the upstream's place, and say so; the connection ends then."""
        passage.fail(kind, sentence)
        reason = {400: "Bad Request", 421: "Misdirected Request", 502: "Bad Gateway"}[status]
        message = f"registry-explorer's recorder: {sentence}"
        body = json.dumps({"errors": [{"code": "UNAVAILABLE", "message": message}]}).encode() + b"\n"
        head = (
            f"HTTP/1.1 {status} {reason}\r\nServer: registry-explorer recorder\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        ).encode("latin-1")
        passage.told += head
        self._client.stream.send(head if method == "HEAD" else head + body)
        passage.finish()
        self._client.stream.end_sending()
        return False

    def _linger(self) -> None:
        """Read what the client still sends, so that no reset eats what it was told."""
        self._client.stream.end_sending()
        watch = Watch(self._client.stream)
        until = time.monotonic() + _LINGER_SECONDS
        while (left := until - time.monotonic()) > 0 and watch.wait(left):
            self._client.drop(len(self._client))
            if not self._client.fill():
                return


def _is_blank(inflow: Inflow) -> bool:
    return not bytes(inflow.view()).strip(b"\r\n")


def _closed(passage: Passage, *, is_reset: bool) -> str:
    origin = passage.way.origin
    how = " (it was reset)" if is_reset else ""
    if passage.answer:
        return f"{origin} closed the connection after {passage.got.size} bytes of the answer's body{how}."
    if passage.received.endswith((b"\n\r\n", b"\n\n")):
        return f"{origin} closed the connection after an announcement, before its answer{how}."
    return f"{origin} closed the connection without a whole head of an answer{how}."
