"""The texts of an exchange that words are looked for in: cheap to have where exchanges lie in a file."""

from __future__ import annotations

from typing import NamedTuple

from explorer.model.exchanges import Exchange


class Glimpse(NamedTuple):
    """Texts of an exchange: `headers` are lines (name, colon, blank, value), `bodies` those that were kept.

    `error` is the sentence of its failure, empty where it has none.
    """

    title: str
    method: str
    target: str
    status: int
    error: str
    basis: str
    headers: list[str]
    bodies: list[bytes]


def glimpse_of(exchange: Exchange) -> Glimpse:
    """Return the texts of an exchange."""
    request, answer = exchange.request, exchange.response
    rows = (*request.headers, *answer.headers) if answer else request.headers
    bodies = (request.body, answer.body) if answer else (request.body,)
    return Glimpse(
        exchange.title,
        request.method,
        request.target,
        exchange.status,
        exchange.error.sentence if exchange.error else "",
        exchange.basis,
        [f"{row.name}: {row.value}" for row in rows],
        [body for body in bodies if isinstance(body, bytes)],
    )
