"""The built-in registry on its own."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.errors import InputError

if TYPE_CHECKING:
    pass


def serve_practice(port: int, store: str | None, say: Callable[[str], None]) -> int:
    """Run the built-in registry until it is interrupted; raises InputError or FormatError where it cannot start."""
    from explorer.practice import PracticeRegistry

    try:
        registry = PracticeRegistry(folder=Path(store) if store else None, port=port)
        registry.start()
    except OSError as bad:
        where = f"port {port}" if bad.errno in (errno.EADDRINUSE, errno.EACCES) else store or "a temporary folder"
        raise InputError(f"The practice registry cannot start at {where}: {bad.strerror}.") from bad
    try:
        address = registry.origin.authority
        say(f"The practice registry listens at {registry.origin}, on this machine only. Ctrl-C ends it.")
        say(f"What is pushed is {'kept in ' + store if store else 'gone then'}. Point a client at it:")
        say(f"  registry-explorer push tiny {address}/demo/app:v1")
        say(f"  skopeo copy --dest-tls-verify=false docker-archive:app.tar docker://{address}/demo/app:v1")
        say(f"  curl -i -X POST {registry.origin}/v2/demo/app/blobs/uploads/")
        threading.Event().wait()
    except KeyboardInterrupt:
        say("")
    finally:
        registry.stop()
    return 0
