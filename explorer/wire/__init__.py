"""Bytes on sockets: the only room that imports httpx, httpcore, h11 or socket."""

from __future__ import annotations

import sys

# httpx loads a command line of its own, with rich, wherever it can, and goes on without where it cannot be imported.
# A None here is how an import is prevented (Python's reference, 5.3.1, "The module cache").
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # the stub has no None, the reference has
