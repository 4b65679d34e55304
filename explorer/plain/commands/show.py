"""The command `show`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.plain.declared import command
from explorer.plain.desk import Desk
from explorer.plain.telling import exchange_told


@command("show", "7", takes="[N]", group="looking")
def show(desk: Desk, argument: str) -> Iterator[str]:
    """Show exchange N: request and answer, byte for byte. It is then at hand: other commands without N mean it."""
    exchange = desk.exchange(argument)
    desk.work.at = exchange.id
    yield from exchange_told(exchange)
