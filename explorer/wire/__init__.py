"""Bytes on sockets: the only room that imports httpx, httpcore, h11 or socket."""

from __future__ import annotations

import sys

# httpx loads a command line of its own, with rich, and httpcore its own HTTP/2, with h2, wherever they can, and go on
# without where those cannot be imported. A None here is how an import is prevented (Python's reference, 5.3.1, "The
# module cache"). HTTP/2 is spoken by `http2`, which is loaded where it is agreed on.
for _unused in ("httpx._main", "httpcore._sync.http2", "httpcore._async.http2"):
    sys.modules.setdefault(_unused, None)  # type: ignore[arg-type]  # the stub has no None, the reference has
