"""The built-in registry for a session that stands before its first step: it listens at once, and is loaded after that.

So the first screen need not wait for a server that is asked nothing yet, nor the first request for its loading.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

from explorer.errors import Problem, WireError
from explorer.model import Origin
from explorer.wire.listening import Listener

if TYPE_CHECKING:
    from explorer.faults.switchboard import Switchboard
    from explorer.practice import PracticeRegistry

_LOADED_AFTER = 1.5
"""Seconds after which it is loaded, where nobody has called before: slow machines have drawn a first screen by then."""


class LatePractice:
    """A registry in a temporary folder, at a free port of this machine; a context manager, which ends it."""

    def __init__(self, faults: Switchboard | None) -> None:
        self._faults = faults
        self._listener = Listener(lambda *connection: self._opened().serve(*connection))
        self._registry: PracticeRegistry | None = None
        self._lock = threading.Lock()
        self._is_over = False
        self._later = threading.Timer(_LOADED_AFTER, self._load)
        self._later.daemon = True

    def __enter__(self) -> Self:
        self._listener.start()
        self._later.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._later.cancel()
        self._listener.stop()
        with self._lock:
            self._is_over = True
            if self._registry:
                self._registry.stop()
            elif self._faults:
                self._faults.close()

    @property
    def origin(self) -> Origin:
        """Where it answers."""
        return self._listener.address

    def _load(self) -> None:
        # What hinders it is told to the one who calls.
        with suppress(Problem):
            self._opened()

    def _opened(self) -> PracticeRegistry:
        from explorer.practice import PracticeRegistry

        with self._lock:
            if self._is_over:
                raise WireError("The built-in registry has ended.", "reset")
            if self._registry is None:
                registry = PracticeRegistry(faults=self._faults)
                registry.open()
                self._registry = registry
            return self._registry
