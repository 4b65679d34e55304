"""Transfers that one client has under way at once, and whose lines are mixed in what it prints."""

from __future__ import annotations

from dataclasses import dataclass, field

from explorer.formats.drafts import Draft
from explorer.formats.texts.pairing import Answer
from explorer.model import Connection

MOST_LANES = 256
"""So many transfers at once are told apart."""

UNCERTAIN = "Several requests ran at once; which of them this answer is of is not told, and taken to be in order."


@dataclass(slots=True)
class Lane:
    """One of the transfers that run at once, while lines of another are read."""

    shown: Draft | None = None
    informed: bytes = b""
    last: Draft | Answer | None = None
    connection: Connection = field(default_factory=Connection)

    @property
    def lacks_answer(self) -> bool:
        """Whether its request has neither an answer nor failed."""
        return self.shown is not None and self.shown.response is None and self.shown.error is None
