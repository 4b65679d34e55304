"""What is to be recorded, and how."""

from __future__ import annotations

from explorer.frozen import frozen
from explorer.model import Origin
from explorer.wire.options import DEFAULT, ConnectionOptions


@frozen
class Recording:
    """The upstream with its base path, where the recorder listens, and what it does on the way."""

    upstream: Origin
    base: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    is_verbatim: bool = False
    bodies: str = ""  # the folder that takes large bodies
    faults: tuple[str, ...] = ()  # each as NAME[=ARGUMENT]
    pauses: tuple[str, ...] = ()  # what is to be held, each as request or answer and a filter
    connection: ConnectionOptions = DEFAULT
