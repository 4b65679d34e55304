"""What a line of a pane is about, so that what is under the cursor can be explained and followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from explorer.ui.text import Row


@dataclass(frozen=True, slots=True)
class Pointed:
    """One part of an exchange: `exchange` is its id, 0 for the request that comes next.

    `side` is request or answer; `part` target, header, status, body or error. For a header `row` counts from 0; for a
    stretch of the target `start` and `end` are its characters.
    """

    exchange: int
    side: str
    part: str
    name: str = ""
    value: str = ""
    row: int = -1
    start: int = 0
    end: int = 0


class Line(NamedTuple):
    """A row of a pane, what stands in its right margin, and what it is about."""

    row: Row
    margin: Row = ()
    about: Pointed | None = None
