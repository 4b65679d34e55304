"""The command `connection`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.plain.connections import connection_lines
from explorer.plain.declared import command
from explorer.plain.desk import Desk
from explorer.plain.telling import phases_told


@command("connection", takes="[N]", group="looking")
def connection(desk: Desk, argument: str) -> Iterator[str]:
    """Hear the connection of exchange N: where to, which way, TLS, the certificate, and how long each phase took."""
    exchange = desk.exchange(argument)
    told = [*connection_lines(exchange), *(line for line in phases_told(exchange) if line)]
    yield f"Exchange {exchange.id}:"
    yield from told or ["Nothing is known of its connection."]
