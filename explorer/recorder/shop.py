"""What all connections of one recorder share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from explorer.faults.switchboard import Switchboard
from explorer.model import Connection, Origin
from explorer.recorder.kept import BodyFolder
from explorer.recorder.lending import Lending
from explorer.recorder.mapping import Mapping
from explorer.recorder.passage import Passage
from explorer.recorder.pausing import Pauses
from explorer.wire.reaching import Reaching


@dataclass(slots=True)
class Shop:
    """The mapping, who is lent which credentials, how origins are reached, and where what happened goes."""

    mapping: Mapping
    lending: Lending
    reaching: Reaching
    address: Origin
    record: Callable[[Passage], None]
    faults: Switchboard
    pauses: Pauses
    is_verbatim: bool = False
    folder: BodyFolder | None = None

    def passage(self, head: bytes, client: Connection) -> Passage:
        """Begin a passage."""
        return Passage(head, client, self.folder)
