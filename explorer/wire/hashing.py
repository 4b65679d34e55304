"""The sha256 of a body that goes by, taken in a second thread where the body is long.

hashlib lets other threads run while it works, so on two cores a block is hashed while the next one travels. No more
than a few blocks wait, so memory stays the same whatever the size. Where the other side is slower than the hashing,
a second thread would only take time away from it, if it runs on this machine, too.
"""

from __future__ import annotations

import hashlib
import queue
import threading

LONG = 4 * 1024 * 1024
"""A thread is worth its start for bodies of so many bytes."""

_WAITING = 4
"""So many blocks may wait to be hashed."""

HELD = _WAITING + 2
"""A block is hashed once so many further ones were taken, itself included: those that wait, and the one at hand."""


class Sha256:
    """A sha256 that is fed block by block; `hexdigest` waits for what has been fed."""

    def __init__(self, size: int, waiting: int = _WAITING) -> None:
        """Take the size that is expected, in bytes, and how many blocks may wait."""
        self._digest = hashlib.sha256()
        self._is_long = size >= LONG
        self._waiting = waiting
        self._blocks: queue.Queue[bytes | memoryview | None] | None = None
        self._thread: threading.Thread | None = None

    def update(self, block: bytes | memoryview, *, here: bool = False) -> None:
        """Take a block, which must not change until it is hashed; waits where too many are not hashed yet.

        `here` says that there is time for it: it is hashed when this returns, as all before it are.
        """
        if here and self._blocks:
            self._blocks.join()
        if here or not self._is_long:
            self._digest.update(block)
            return
        if self._blocks is None:
            self._blocks = queue.Queue(self._waiting)
            self._thread = threading.Thread(target=self._work, args=(self._blocks,), name="sha256", daemon=True)
            self._thread.start()
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
            blocks.task_done()
