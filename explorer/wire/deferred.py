"""A client that is made when it is first needed, so that looking at something loads no HTTP at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from explorer.model import Progress, Relay, Request, Save
from explorer.wire.sent import Sent

if TYPE_CHECKING:
    from explorer.wire.client import Client


class DeferredClient:
    """Passes everything on to a client that `make` returns at the first send."""

    def __init__(self, make: Callable[[], Client]) -> None:
        self._make = make
        self._client: Client | None = None

    def send(self, request: Request, progress: Progress | None = None, save: Save | None = None) -> Sent:
        """Send a request."""
        return self._made().send(request, progress, save)

    def relay(self, request: Request, relay: Relay, progress: Progress | None = None) -> tuple[Sent, Sent | None]:
        """Send a request, and the one that passes the body of its answer on."""
        return self._made().relay(request, relay, progress)

    def _made(self) -> Client:
        if self._client is None:
            self._client = self._make()
        return self._client

    def stop(self) -> None:
        """End what is under way."""
        if self._client:
            self._client.stop()

    def close(self) -> None:
        """Close every connection."""
        if self._client:
            self._client.close()
