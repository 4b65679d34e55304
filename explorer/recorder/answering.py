"""An answer on its way from the upstream to the client: announcements, the head as the client is told it, the body."""

from __future__ import annotations

import time
from collections.abc import Callable

from explorer.recorder.framing import UntilClose, Walk, framing_of_answer
from explorer.recorder.inflow import Inflow
from explorer.recorder.passage import Passage
from explorer.recorder.sending import SMALL, Sending
from explorer.wire.hashing import LONG
from explorer.wire.heads import Head, read_heads
from explorer.wire.streams import Stream, Watch

_SHOWN = 60
_UNWATCHED_SECONDS = 0.1

_LARGE = 128 * 1024
"""So many bytes at once are worth to be handed to another thread."""

Told = Callable[[Head], bytes]
"""Makes what the client is told of a head."""


class ClientGone(Exception):
    """Say that the client takes no more."""


class UpstreamGone(Exception):
    """Say that the upstream sends no more, before the answer was whole."""

    def __init__(self, is_reset: bool) -> None:
        super().__init__()
        self.is_reset = is_reset


class Answering:
    """Passes on the answer to one request."""

    def __init__(
        self, upstream: Inflow, client: Stream, watch: Watch, sending: Sending, passage: Passage, told: Told
    ) -> None:
        """Take both sides, and what waits for either of them."""
        self._upstream = upstream
        self._client = client
        self._sending = sending
        self._passage = passage
        self._told = told
        self._watch: Watch | None = watch

    def relay(self, method: str) -> bool:
        """Pass on the answer to its end; True where that was not the end of the connection.

        Raises ClientGone or UpstreamGone where it is not whole.
        """
        walk = self._relay_heads(method)
        while not walk.is_over:
            if not len(self._upstream) and not self._more():
                if walk.is_bounded or walk.doubt:
                    raise UpstreamGone(is_reset=False)
                return False
            self._pass_on(walk)
        self._passage.trailers = walk.trailers
        return True

    def _relay_heads(self, method: str) -> Walk:
        while True:
            length = self._upstream.head_length()
            if not length:
                if self._upstream.is_full or self._is_no_answer():
                    return self._relay_what_is_no_answer()
                if not self._more():
                    self._relay_torn_head()
                    raise UpstreamGone(is_reset=False)
                continue
            heads = read_heads(bytes(self._upstream.view()[:length]))
            if not heads:
                return self._relay_what_is_no_answer()
            raw = self._upstream.take(length)
            self._passage.received += raw
            head = heads[-1]
            if head.is_final:
                return self._relay_final(method, head)
            self._send(raw)
            self._passage.told += raw

    def _relay_final(self, method: str, head: Head) -> Walk:
        self._passage.answer = head
        told = self._told(head)
        self._passage.told += told
        walk = framing_of_answer(method, head.status, head.version, head.headers)
        count, parts = (0, []) if walk.is_over else walk.walk(self._upstream.view()[:SMALL])
        if head.status == 101 or (method == "CONNECT" and head.status < 300):
            self._sending.tunnel()
        self._send(told + bytes(self._upstream.view()[:count]) if count else told)
        self._took(count, parts)
        return walk

    def _relay_torn_head(self) -> None:
        """Pass on the beginning of a head whose end never came."""
        torn = self._upstream.take(len(self._upstream))
        if torn:
            self._passage.received += torn
            self._passage.told += torn
            self._send(torn)

    def _is_no_answer(self) -> bool:
        if not len(self._upstream):
            return False
        begin = bytes(self._upstream.view()[:9]).lstrip(b"\r\n")[:5]
        return not b"HTTP/".startswith(begin)

    def _relay_what_is_no_answer(self) -> Walk:
        shown = repr(bytes(self._upstream.view()[:_SHOWN]))[1:]
        self._passage.fail(
            "not-http",
            f"{self._passage.way.origin} answered with something that is not HTTP: {shown}. "
            "Is this a registry's port, and plain http right?",
        )
        return UntilClose()

    def _pass_on(self, walk: Walk) -> None:
        view = self._upstream.view()
        count, parts = walk.walk(view)
        self._send(view[:count])
        got = self._passage.got
        if got.size >= LONG and len(view) >= _LARGE and [len(part) for part in parts] == [len(view)]:
            # A client that sends a body is as busy as what hashes it; one that receives it leaves a core to hash on.
            got.take(parts[0], later=True)
            self._upstream.turn()
        else:
            self._took(count, parts)

    def _took(self, count: int, parts: list[memoryview]) -> None:
        for part in parts:
            self._passage.got.take(part)
        self._upstream.drop(count)

    def _send(self, data: bytes | memoryview) -> None:
        try:
            self._client.send(data)
        except OSError as lost:
            raise ClientGone from lost

    def _more(self) -> bool:
        """Receive more of the answer, and meanwhile see whether the client ends or goes away."""
        try:
            received = self._watched()
            came = self._upstream.fill() if received is None else received
        except OSError as lost:
            raise UpstreamGone(is_reset=isinstance(lost, ConnectionError)) from lost
        if came and self._passage.first_byte_at is None:
            self._passage.first_byte_at = time.perf_counter()
        return came

    def _watched(self) -> bool | None:
        """Return whether bytes came; None where the client need not be watched any more.

        For as long as another thread reads what the client sends, that one sees its end.
        """
        while self._watch:
            if self._sending.is_active:
                ready = Watch(self._upstream.stream).wait(_UNWATCHED_SECONDS)
            else:
                ready = self._watch.wait()
            if self._client in ready:
                self._watch = None
                self._look_at_client()
            if self._upstream.stream in ready and (received := self._upstream.try_to_fill()) is not None:
                return received > 0
        return None

    def _look_at_client(self) -> None:
        try:
            if self._client.has_ended():
                self._sending.client_ended()
        except OSError as lost:
            raise ClientGone from lost
