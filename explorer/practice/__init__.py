"""The built-in registry: what distribution 3 answers, on this machine, for practice and for tests.

with PracticeRegistry() as registry:
    ...   # push to registry.origin
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from explorer.model import Origin
from explorer.practice.registry import Registry
from explorer.practice.store import Store
from explorer.wire.server import Incoming, Outgoing, Server

__all__ = ["PracticeRegistry", "Registry", "Store"]


class PracticeRegistry:
    """A registry that listens: in a given folder, which is kept, or in a temporary one that is removed at the end."""

    def __init__(
        self, folder: Path | None = None, host: str = "127.0.0.1", port: int = 0, secret: bytes | None = None
    ) -> None:
        self._folder = folder
        self._secret = secret
        self._registry: Registry | None = None
        self._server = Server(self._handle, host, port)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def origin(self) -> Origin:
        """Where the registry answers; the port is known once it has been started."""
        return self._server.address

    def start(self) -> None:
        """Open the store and listen; raises FormatError or InputError where one of them cannot be."""
        store = Store(self._folder, self._secret)
        self._registry = Registry(store)
        try:
            self._server.start()
        except BaseException:
            store.close()
            raise

    def stop(self) -> None:
        """Stop listening, end every connection, and remove the store where it is a temporary one."""
        self._server.stop()
        if self._registry:
            self._registry.store.close()
            self._registry = None

    def _handle(self, incoming: Incoming) -> Outgoing:
        assert self._registry is not None
        return self._registry.handle(incoming)
