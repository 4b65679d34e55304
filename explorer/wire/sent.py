"""What the wire tells of a request that it sent."""

from __future__ import annotations

from explorer.frozen import frozen
from explorer.model import Connection, Failure, Response, Timings


@frozen
class Sent:
    """What became of a request; the fields mean what they mean in `model.Exchange`."""

    response: Response | None
    error: Failure | None
    sent_head: bytes
    received_head: bytes
    sent_size: int
    sent_sha256: str
    timings: Timings
    connection: Connection
