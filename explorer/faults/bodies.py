"""Bodies of requests that are altered, counted or cut off on their way, and bodies of answers that trickle.

Constant memory: each block is passed on before the next one is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from explorer.errors import WireError
from explorer.faults.declared import Pause
from explorer.model import Headers
from explorer.wire.server import BLOCK, BodyReader, Outgoing, pieces_of

Blocks = Iterator[bytes | memoryview]
Alter = Callable[[Blocks], Blocks]

_TICK = 0.05


class HungUp(WireError):
    """Close the connection without an answer."""

    def __init__(self, sentence: str = "The connection is closed without an answer.") -> None:
        super().__init__(sentence, "closed")


class AlteredBody(BodyReader):
    """The body of a request with its blocks altered; its framing is that of the original unless a length is given."""

    def __init__(self, inner: BodyReader, alter: Alter, length: int | None = None) -> None:
        super().__init__(inner.source, inner.length if length is None else length)
        self.is_read = False
        self._inner = inner
        self._blocks = alter(inner.chunks())

    def withhold_continue(self) -> None:
        """Send no `100 Continue` to a client that waits for one."""
        self._inner.withhold_continue()

    def next_block(self) -> memoryview | None:
        """Return the next bytes of the altered body; None at the end. Raises what broke it off."""
        self.is_begun = True
        try:
            block = next(self._blocks, None)
        except Exception:
            self.is_broken = True
            raise
        if block is None:
            self.is_read = True
            return None
        self.received += len(block)
        return memoryview(block)


def drained(inner: BodyReader, length: int = 0) -> BodyReader:
    """Return a body without bytes: those of the original are read and dropped."""

    def none_of(blocks: Blocks) -> Blocks:
        for _ in blocks:
            pass
        yield from ()

    return AlteredBody(inner, none_of, length)


def trickled(outgoing: Outgoing, bytes_per_second: int, pause: Pause) -> Outgoing:
    """Return an answer whose body leaves no faster than that; it ends early where the waiting is ended."""
    piece = max(1, min(BLOCK, round(bytes_per_second * _TICK)))

    def slowly() -> Blocks:
        for block in pieces_of(outgoing.body):
            view = memoryview(block)
            for start in range(0, len(view), piece):
                if not pause(len(view[start : start + piece]) / bytes_per_second):
                    return
                yield view[start : start + piece]

    return replace(outgoing, headers=framed(outgoing), body=slowly())


def framed(outgoing: Outgoing) -> Headers:
    """Return the headers of an answer with the length of its body, where it is known and not said yet."""
    headers = outgoing.headers
    if headers.get("Content-Length") is not None or headers.get("Transfer-Encoding") is not None:
        return headers
    length = known_length(outgoing)
    return headers if length is None or outgoing.status in (204, 304) else headers.set("Content-Length", str(length))


def known_length(outgoing: Outgoing) -> int | None:
    """Return the length of an answer's body in bytes; None where it is not known beforehand."""
    body = outgoing.body
    if isinstance(body, bytes):
        return len(body)
    length = getattr(body, "length", None)
    if isinstance(length, int):
        return length
    said = outgoing.headers.get("Content-Length") or ""
    return int(said) if said.isdigit() else None
