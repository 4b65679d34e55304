"""The sha256 of a body that goes by, taken in a second thread where the body is long.

hashlib lets other threads run while it works, so on two cores a block is hashed while the next one travels. No more
than a few blocks wait, so memory stays the same whatever the size. Where the other side is slower than the hashing,
a second thread would only take time away from it, if it runs on this machine, too.
"""

from __future__ import annotations

import hashlib
import queue
import threading

_LONG = 4 * 1024 * 1024
"""A thread is worth its start for bodies of so many bytes."""

_WAITING = 4
"""So many blocks may wait to be hashed."""

HELD = _WAITING + 2
"""A block is hashed once so many further ones were taken, itself included: those that wait, and the one at hand."""


class Sha256:
    """A sha256 that is fed block by block; `hexdigest` waits for what has been fed."""

    def __init__(self, size: int) -> None:
        """Take the size that is expected, in bytes."""
        self._digest = hashlib.sha256()
        self._is_long = size >= _LONG
        self._blocks: queue.Queue[bytes | memoryview | None] | None = None
        self._thread: threading.Thread | None = None
        self._given = self._hashed = 0  # blocks, to the thread and by it

    def update(self, block: bytes | memoryview, *, here: bool = False) -> None:
        """Take a block, which must not change until it is hashed; waits where too many are not hashed yet.

        `here` says that there is time for it, so that no other thread needs to take it.
        """
        if not self._is_long or (here and self._given == self._hashed):
            self._digest.update(block)
            return
        if self._blocks is None:
            self._blocks = queue.Queue(_WAITING)
            self._thread = threading.Thread(target=self._work, args=(self._blocks,), name="sha256", daemon=True)
            self._thread.start()
        self._given += 1
        self._blocks.put(block)

    def hexdigest(self) -> str:
        """Return the digest of all blocks that were taken."""
        self.close()
        return self._digest.hexdigest()

    def close(self) -> None:
        """End the thread, once it has hashed what was taken; whatever is taken afterwards begins another."""
        if self._blocks and self._thread:
            self._blocks.put(None)
            self._thread.join()
            self._blocks = self._thread = None

    def _work(self, blocks: queue.Queue[bytes | memoryview | None]) -> None:
        while (block := blocks.get()) is not None:
            self._digest.update(block)
            self._hashed += 1
