"""The two ends of what passes through a proxy, while it is being asked to let it pass."""

from __future__ import annotations

from typing import Protocol

from explorer.errors import WireError


class TunnelRefused(WireError):
    """Say why a proxy made no tunnel."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, "unreachable")


class Ends(Protocol):
    """A connection to a proxy."""

    def read(self, most: int) -> bytes:
        """Read up to so many bytes; none at the end. Raises OSError."""

    def write(self, data: bytes) -> None:
        """Write all bytes. Raises OSError."""
