"""Two exchanges at the same time: the body of one's answer is the other's body, and is kept nowhere.

A pipe of a few blocks stands between them. The reading side waits where it is full and the sending side where it is
empty, so the slower of the two sets the pace, and a body of any size needs the same memory.
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from explorer.model import Failure, Progress, Relay, Request, Slice, Unkept
from explorer.wire.heads import Head
from explorer.wire.keeping import InMemory
from explorer.wire.outgoing import Broken, Outgoing
from explorer.wire.sendable import check_sendable
from explorer.wire.sent import Sent

if TYPE_CHECKING:
    from explorer.wire.client import Client

_MOST_WAITING = 4
_WAIT = 0.2  # seconds between looks at whether Ctrl-C was pressed


class Pipe:
    """Takes the body of a 200 on one thread and gives it out on another; the body of any other answer is kept."""

    def __init__(self, relay: Relay, origin: str) -> None:
        self._relay = relay
        self._origin = origin
        self._changed = threading.Condition()
        self._waiting: deque[bytes] = deque()
        self._sha256 = hashlib.sha256()
        algorithm = relay.digest.partition(":")[0]
        self._other = None if algorithm == "sha256" else hashlib.new(algorithm)
        self._small = InMemory()
        self._size = 0
        self._is_over = self._is_unwanted = self._is_settled = False
        self._is_too_long = False
        self.passes = False

    def begin(self, head: Head) -> None:
        """Begin to pass the body on where the answer is a 200."""
        with self._changed:
            self.passes = head.status == 200
            self._is_settled = True
            self._changed.notify_all()

    def take(self, block: bytes) -> bool:
        """Pass a block on, or wait until there is room; more is wanted until too much has come or nobody reads."""
        if not self.passes:
            return self._small.take(block)
        with self._changed:
            self._changed.wait_for(lambda: self._is_unwanted or len(self._waiting) < _MOST_WAITING)
            self._is_too_long = self._size + len(block) > self._relay.size
            if self._is_unwanted or self._is_too_long:
                return False
            self._waiting.append(block)
            self._changed.notify_all()
        self._size += len(block)
        self._sha256.update(block)
        if self._other:
            self._other.update(block)
        return True

    def end(self) -> bytes | Slice | Unkept:
        """Return what is known of the body that was passed on."""
        if not self.passes:
            return self._small.end()
        self.over()
        digest = f"{self._other.name}:{self._other.hexdigest()}" if self._other else ""
        whole = "passed on" if self._size == self._relay.size and not self._is_too_long else "passed on in part"
        return Unkept(self._size, self._sha256.hexdigest(), f"{whole} while it came", digest)

    def broke_off(self) -> str:
        """Let the reading side know that no more comes."""
        self.over()
        return ""

    def over(self) -> None:
        """Note that nothing more comes."""
        with self._changed:
            self._is_over = self._is_settled = True
            self._changed.notify_all()

    def unwanted(self) -> None:
        """Note that nobody reads any more."""
        with self._changed:
            self._is_unwanted = True
            self._changed.notify_all()

    def settle(self) -> bool:
        """Wait until an answer has begun or none will, and say whether there is a body to pass on."""
        with self._changed:
            while not self._changed.wait_for(lambda: self._is_settled, _WAIT):
                pass
            return self.passes

    def blocks(self) -> Iterator[bytes]:
        """Yield the body as it comes; raises Broken where it ends before its declared size, or does not end there."""
        given = 0
        while True:
            with self._changed:
                while not self._changed.wait_for(lambda: self._waiting or self._is_over, _WAIT):
                    pass
                block = self._waiting.popleft() if self._waiting else b""
                self._changed.notify_all()
            if not block:
                break
            given += len(block)
            yield block
        if self._is_too_long:
            raise Broken(f"{self._origin} sent more than the {self._relay.size} bytes that are declared.")
        if given < self._relay.size:
            raise Broken(f"{self._origin} sent {given} of the {self._relay.size} bytes that are declared.")


def relayed(
    source: Client, taker: Client, request: Request, relay: Relay, progress: Progress | None
) -> tuple[Sent, Sent | None]:
    """Send a request by `source` and, where it is answered 200, by `taker` the one that passes its body on.

    Raises InputError and FormatError where one of them cannot be sent; Ctrl-C ends both.
    """
    check_sendable(request)
    check_sendable(relay.step.request, is_passed_on=True)
    pipe = Pipe(relay, str(request.origin))
    passed: Sent | None = None
    is_interrupted = False
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(source.carry, request, pipe, Outgoing(request, None))
        coming.add_done_callback(lambda _: pipe.over())
        try:
            if pipe.settle():
                onward = relay.step.request
                passed = taker.carry(onward, InMemory(), Outgoing(onward, progress, pipe.blocks()))
        except KeyboardInterrupt:
            is_interrupted = True
        finally:
            pipe.unwanted()
            if is_interrupted or passed is None or passed.sent_size < relay.size:
                source.stop()
        came = coming.result()
    if is_interrupted:
        return replace(came, error=Failure("interrupted", "Interrupted before there was an answer.")), None
    return _not_wanted(came, pipe, passed), passed


def _not_wanted(came: Sent, pipe: Pipe, passed: Sent | None) -> Sent:
    """Return the first exchange; that it was ended is no failure where the other side has answered early."""
    answered_early = passed is not None and passed.error is None
    if not (came.error and came.error.kind == "stopped" and answered_early and came.response):
        return came
    return replace(came, error=None, response=replace(came.response, body=pipe.end()))
