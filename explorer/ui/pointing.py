"""What a line of a pane is about, so that what is under the cursor can be explained and followed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from explorer.frozen import frozen
from explorer.ui.text import Row


@frozen
class Pointed:
    """One part of an exchange: `exchange` is its id, 0 for the request that comes next.

    `side` is request or answer; `part` target, header, status, body or error. For a header `row` counts from 0.
    """

    exchange: int
    side: str
    part: str
    name: str = ""
    value: str = ""
    row: int = -1


class Line(NamedTuple):
    """A row of a pane, the tags that stand in its right margin one below the other, and what it is about."""

    row: Row
    margin: tuple[Row, ...] = ()
    about: Pointed | None = None


class Contents(NamedTuple):
    """A pane's title, its lines, and what stands at its lower edge."""

    title: str
    lines: Sequence[Line | Row]
    subtitle: str = ""
