"""The body of an answer as httpcore has one, whatever version of HTTP is spoken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol


class Exchanging(Protocol):
    """A connection on which an exchange is under way."""

    def body(self, timeout: float) -> Iterator[bytes]:
        """Yield the body of the answer as it comes; `timeout` in seconds."""

    def end_exchange(self) -> None:
        """Be through with the exchange, whatever is left of it."""


class AnswerBody:
    """The body of the answer that is under way."""

    def __init__(self, connection: Exchanging, timeout: float) -> None:
        self._connection = connection
        self._timeout = timeout

    def __iter__(self) -> Iterator[bytes]:
        return self._connection.body(self._timeout)

    def close(self) -> None:
        """Be through with it, whatever is left."""
        self._connection.end_exchange()
