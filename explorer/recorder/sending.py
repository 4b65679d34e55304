"""A request's body on its way from the client to the upstream, beside the answer, which may come early.

A small body is passed on by the thread that then waits for the answer. A larger one gets a thread of its own, so that
neither direction ever waits for the other.
"""

from __future__ import annotations

import threading
import time

from explorer.recorder.framing import UntilClose, Walk
from explorer.recorder.inflow import Inflow
from explorer.recorder.passage import Passage
from explorer.wire.streams import Stream, Watch

SMALL = 64 * 1024
"""So many bytes can be sent without waiting for the other side to read."""


class Sending:
    """What is sent of one request. `ended` says how it broke off: client-ended, client-broke or upstream-broke."""

    def __init__(self, client: Inflow, upstream: Stream, walk: Walk, passage: Passage) -> None:
        self.ended = ""
        self.walk = walk
        self._client = client
        self._upstream = upstream
        self._passage = passage
        self._thread: threading.Thread | None = None

    @property
    def is_active(self) -> bool:
        """Whether another thread is reading what the client sends."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def is_whole(self) -> bool:
        """Whether all of the request has been sent."""
        return self.walk.is_over and not self.ended

    def begin(self, head: bytes) -> None:
        """Send the head with what there is of the body, and what follows soon; begin a thread for the rest."""
        count, parts = self._next()
        try:
            self._upstream.send(head + bytes(self._client.view()[:count]) if count else head)
        except OSError:
            self.ended = "upstream-broke"
        self._sent(count, parts)
        quick = SMALL
        if not self.walk.is_bounded:
            quick = 0
        while not (self.walk.is_over or self.ended) and quick > 0:
            if not len(self._client):
                if self._upstream in Watch(self._client.stream, self._upstream).wait():
                    break
                self._fill()
            quick -= self._pass_on()
        if not (self.walk.is_over or self.ended):
            self._start()

    def client_ended(self) -> None:
        """Pass it on that the client sends no more, unless requests of it still wait for their turn."""
        if not len(self._client):
            self._upstream.end_sending()

    def tunnel(self) -> None:
        """Pass on everything that the client sends from here on: the connection has become another one."""
        self.walk = UntilClose()
        if not self.is_active:
            self._start()

    def wait(self, seconds: float) -> bool:
        """Wait for the other thread; True where there is none any more."""
        if self._thread:
            self._thread.join(seconds)
        return not self.is_active

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="request body", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not (self.walk.is_over or self.ended):
            if not len(self._client):
                self._fill()
            self._pass_on(len(self._client))

    def _fill(self) -> None:
        try:
            if self._client.fill():
                return
            self.ended = "client-ended"
            self._upstream.end_sending()
        except OSError:
            self.ended = "client-broke"
            self._upstream.stop()

    def _next(self, most: int = SMALL) -> tuple[int, list[memoryview]]:
        view = self._client.view()[:most]
        return self.walk.walk(view) if len(view) and not self.walk.is_over else (0, [])

    def _pass_on(self, most: int = SMALL) -> int:
        count, parts = self._next(most)
        if count:
            try:
                self._upstream.send(self._client.view()[:count])
            except OSError:
                self.ended = "upstream-broke"
            self._sent(count, parts)
        return count

    def _sent(self, count: int, parts: list[memoryview]) -> None:
        self._passage.sent_at = time.perf_counter()
        if not self.ended:
            for part in parts:
                self._passage.sent.take(part)
        self._client.drop(count)
