"""A recording played as a registry, on its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from explorer.errors import FormatError
from explorer.formats.importing import import_file


def serve_recording(path: str, listen: str, port: int, say: Callable[[str], None]) -> int:
    """Answer as a recording does until it is interrupted; raises FormatError or InputError where it cannot start."""
    from explorer.practice.player import Player

    session = import_file(path).session
    if not any(exchange.response for exchange in session.exchanges):
        raise FormatError(path, "there is no answer in it, so there is nothing to play.")
    player = Player(session.exchanges, listen, port)
    player.start()
    try:
        say(f"{path} is played at {player.origin}: {len(session.exchanges)} exchanges, each answered as recorded.")
        threading.Event().wait()
    except KeyboardInterrupt:
        say("")
    finally:
        player.stop()
    return 0
