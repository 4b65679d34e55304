"""A connection with faults on the way: requests and answers are taken apart, spoiled, and put together again.

A head that no fault has changed is passed on as it was, byte for byte; a changed one is put together anew, and bodies
in chunks are cut into other ones. Both sides are recorded all the same.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from explorer.errors import Problem, WireError
from explorer.model import Connection, Headers
from explorer.recorder.framing import Walk, framing_of_answer
from explorer.recorder.inflow import Inflow
from explorer.recorder.passage import Passage
from explorer.recorder.shop import Shop
from explorer.recorder.translating import Translated, told_head, translated
from explorer.wire.facing import serve_stream
from explorer.wire.heads import Head, RequestHead, read_heads
from explorer.wire.server import BodyBroken, Incoming, Outgoing, plain_answer
from explorer.wire.server_messages import BadHead, parse_head
from explorer.wire.streams import Stream

_LONGEST_TOLD = 64 * 1024


def can_be_taken(raw: bytes) -> bool:
    """Say whether a request's head is well formed, so that it can go through faults; any other passes without them."""
    try:
        parse_head(raw)
    except BadHead:
        return False
    return True


class FaultyConnection:
    """Serves a client's connection through the faults that are on; those may be switched meanwhile."""

    def __init__(self, client: Stream, described: Connection, shop: Shop) -> None:
        self._client = client
        self._described = described
        self._shop = shop
        self._passage: Passage | None = None
        self._said = bytearray()
        self._first: Incoming | None = None
        self._told: Outgoing | None = None
        self._upstream: Stream | None = None
        self._is_stopped = False

    def serve(self, before: bytes) -> None:
        """Serve to the end; `before` is what was read already."""
        addresses = (self._described.peer, self._described.local)
        try:
            serve_stream(self._client, before, addresses, self._handle, self._hear, self._refused)
        finally:
            self._finish()

    def stop(self) -> None:
        """End what is under way, from another thread."""
        self._is_stopped = True
        if self._upstream:
            self._upstream.stop()

    def _handle(self, incoming: Incoming) -> Outgoing:
        self._finish()
        self._first = incoming
        self._told = None
        self._said.clear()
        passage = self._passage = self._shop.passage(incoming.head, self._described)
        names = ", ".join(one.text for one in self._shop.faults.on)
        passage.note("fault", f"On the way were faults: {names}." if names else "No fault was on.", names)
        try:
            return self._with_head(self._shop.faults.handle(incoming, self._forward))
        except BodyBroken as broken:
            passage.fail("client-gone", broken.sentence)
            raise

    def _with_head(self, outgoing: Outgoing) -> Outgoing:
        """Return the answer, with the upstream's own head for the client where no fault has changed that."""
        told = self._told
        if told is None or (told.status, told.reason, told.headers) != (
            outgoing.status,
            outgoing.reason,
            outgoing.headers,
        ):
            return replace(outgoing, head=None)
        return outgoing

    def _head(self, incoming: Incoming) -> RequestHead:
        """Return the head of a request as it is now: the client's bytes, where no fault has changed any."""
        if self._first and _said(incoming) == _said(self._first):
            raw = self._first.head
        else:
            lines = [f"{incoming.method} {incoming.target} {incoming.version}"]
            lines += [f"{name}:{gap}{value}" for name, value, gap in incoming.headers]
            raw = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        return RequestHead(incoming.method, incoming.target, incoming.version, incoming.headers, raw)

    def _hear(self, data: bytes | memoryview) -> None:
        if len(self._said) < _LONGEST_TOLD:
            self._said += data[: _LONGEST_TOLD - len(self._said)]

    def _refused(self, head: bytes, answer: bytes) -> None:
        """Record what was answered here, since the faults cannot be asked about it."""
        self._finish()
        passage = self._shop.passage(head, self._described)
        passage.told += b"".join(told.raw for told in read_heads(answer))
        passage.fail("not-http", "What the client sent is not well formed; while faults are on, it is not passed on.")
        passage.finish()
        self._shop.record(passage)

    def _finish(self) -> None:
        """Record the exchange that was under way."""
        passage, self._passage = self._passage, None
        if self._upstream:
            self._upstream.close()
            self._upstream = None
        if passage is None:
            return
        heads = read_heads(bytes(self._said))
        passage.told += b"".join(head.raw for head in heads) or bytes(self._said[:1024])
        if self._is_stopped:
            passage.fail("interrupted", "The recorder was ended before this was through.")
        if not passage.sent_head:
            passage.fail("fault", "A fault answered in the upstream's place; nothing was passed on.")
        passage.finish()
        self._shop.record(passage)

    def _forward(self, incoming: Incoming) -> Outgoing:
        """Pass a request on as the faults have left it, and return the answer."""
        passage = self._passage
        assert passage is not None
        try:
            into = translated(self._shop, self._head(incoming))
            passage.way = into.way
            passage.proposed_head = translated(self._shop, self._head(self._first or incoming)).head
            passage.sent_head = self._shop.pauses.request(into.way.origin, into.head)
            self._upstream = self._shop.reaching.reach(into.way.origin)
        except Problem as bad:
            passage.fail(bad.kind if isinstance(bad, WireError) else "unsendable", bad.sentence)
            return plain_answer(502, f"registry-explorer's recorder: {bad.sentence}")
        passage.connected_at = time.perf_counter()
        passage.connection = self._upstream.describe()
        self._send(self._upstream, incoming, passage)
        return self._answer(Inflow(self._upstream), incoming.method, into, passage)

    def _send(self, upstream: Stream, incoming: Incoming, passage: Passage) -> None:
        is_chunked = incoming.headers.get("Transfer-Encoding") is not None
        try:
            upstream.send(passage.sent_head)
            for block in incoming.body.chunks():
                upstream.send(b"".join((b"%x\r\n" % len(block), block, b"\r\n")) if is_chunked else block)
                passage.sent.take(block)
            if is_chunked:
                upstream.send(b"0\r\n\r\n")
        except OSError:
            return  # it may have answered early, and closed
        finally:
            passage.sent_at = time.perf_counter()

    def _answer(self, inflow: Inflow, method: str, into: Translated, passage: Passage) -> Outgoing:
        head = self._read_head(inflow, passage)
        passage.answer = head
        walk = framing_of_answer(method, head.status, head.version, head.headers)
        raw = self._shop.pauses.answer(into.way.origin, into.head, told_head(self._shop, into, head))
        told = next(reversed(read_heads(raw)), head)
        body: Iterator[bytes] | bytes = b"" if walk.is_over else self._body(inflow, walk, passage)
        self._told = Outgoing(told.status, told.headers, body, told.reason, raw)
        return self._told

    def _read_head(self, inflow: Inflow, passage: Passage) -> Head:
        while True:
            while not (length := inflow.head_length()):
                if inflow.is_full or not _more(inflow):
                    passage.fail("closed", f"{passage.way.origin} closed the connection without a whole answer.")
                    raise WireError("The upstream gave no answer.", "closed")
            passage.first_byte_at = passage.first_byte_at or time.perf_counter()
            raw = inflow.take(length)
            passage.received += raw
            heads = read_heads(raw)
            if not heads:
                passage.fail("not-http", f"{passage.way.origin} answered with something that is not HTTP.")
                raise WireError("The upstream's answer is not HTTP.", "closed")
            if heads[-1].is_final:
                return heads[-1]

    def _body(self, inflow: Inflow, walk: Walk, passage: Passage) -> Iterator[bytes]:
        while not walk.is_over:
            if not len(inflow) and not _more(inflow):
                if walk.is_bounded:
                    passage.fail("closed", f"{passage.way.origin} closed after {passage.got.size} bytes of the body.")
                    raise WireError("The upstream's answer broke off.", "closed")
                return
            count, parts = walk.walk(inflow.view())
            for part in parts:
                passage.got.take(part)
            yield inflow.take(count)
        passage.trailers = walk.trailers


def _said(incoming: Incoming) -> tuple[str, str, Headers]:
    return incoming.method, incoming.target, incoming.headers


def _more(inflow: Inflow) -> bool:
    try:
        return inflow.fill()
    except OSError:
        return False
