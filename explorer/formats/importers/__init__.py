"""What can be opened. One file, one format; each declares a `Reader`, and is found by itself.

A reader recognises its format by the first bytes, reads the whole of it as a stream, and ends with a report: what was
understood, what was guessed, what was dropped. One broken entry does not spoil the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from explorer import __version__
from explorer.formats.shelves import Gathering
from explorer.formats.sources import Source
from explorer.frozen import frozen
from explorer.model import FlowCall, Session

HEAD = 64 * 1024
"""So many bytes of a file are looked at to recognise it."""

CERTAIN = 0.9
"""A reader that answers this or more recognises what no other format can be."""


@frozen
class Imported:
    """A session that was read, from which format, and the report of the import.

    Each line of the report is a sentence or a part of one, with the line or the entry that it speaks of. `remark` is
    one sentence to be shown at once (a file that is cut off), and empty where there is nothing to say. `besides` are
    lines around the exchanges that may give secrets away; they are never shown.
    """

    session: Session
    format: str
    understood: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    remark: str = ""
    besides: tuple[str, ...] = field(default=(), repr=False)

    def report(self) -> tuple[str, ...]:
        """Return the report as lines: understood, guessed, dropped."""
        parts = (("understood", self.understood), ("guessed", self.guessed), ("dropped", self.dropped))
        return tuple(f"{name}: {line}" for name, lines in parts for line in lines)


@frozen
class Reader:
    """A format that can be read: its name (as for `--from`), what it is, how it is recognised, and how it is read.

    `recognise` gets the first bytes and answers from 0 (it is none) to 1 (it says so itself), and never raises.
    `read` raises FormatError where nothing can be made of the source.
    """

    name: str
    title: str
    recognise: Callable[[bytes], float]
    read: Callable[[Source], Imported]


def session_of(gathered: Gathering) -> Session:
    """Return a session of exchanges that somebody else made: there is no flow behind them."""
    made_with = f"registry-explorer {__version__} (import)"
    return Session(made_with, gathered.started, FlowCall(""), gathered.exchanges())
