"""The session file itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from explorer.formats.exporters import Material, Writer
from explorer.formats.session import session_lines
from explorer.model import Exchange


def write(material: Material) -> Iterator[str]:
    """Yield the session file, line by line.

    Where some exchanges were left out, the ids count anew, and the session is no flow's any more.
    """
    session = material.session
    if len(material.chosen) != len(session.exchanges):
        session = replace(session, exchanges=_renumbered(material), call=replace(session.call, flow=""))
    for line in session_lines(session):
        yield line.decode("utf-8")


def _renumbered(material: Material) -> tuple[Exchange, ...]:
    numbers = {exchange.id: number for number, exchange in enumerate(material.chosen, start=1)}
    return tuple(
        replace(exchange, id=numbers[exchange.id], after=numbers.get(exchange.after, 0)) for exchange in material.chosen
    )


SESSION = Writer("session", "the session file of this program", ".jsonl", write)
