"""The command `decode`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.decoders import decode as decoded_values
from explorer.model import Request, Response
from explorer.plain.declared import command
from explorer.plain.desk import Desk
from explorer.plain.telling import location_told
from explorer.redact import masked


@command("decode", "state", takes="[N]", group="understanding")
def decode(desk: Desk, argument: str) -> Iterator[str]:
    """Hear what the opaque values of exchange N say: upload states, tokens, challenges, signed URLs, digests, ranges.

    Each says what it rests on: the specification, this registry's habit, or a guess.
    """
    exchange = masked(desk.exchange(argument))
    yield f"Exchange {exchange.id}:"
    yield from location_told(exchange)
    for place, value in _values(exchange.request, exchange.response):
        for decoded in decoded_values(value):
            yield f"{place}: {decoded.kind}, decoded ({decoded.basis})"
            yield from (f"  {name}: {text}" for name, text in decoded.fields)


def _values(request: Request, response: Response | None) -> Iterator[tuple[str, str]]:
    yield "the request's target", request.target
    yield from ((f"the request's {row.name}", row.value) for row in request.headers)
    for row in response.headers if response else ():
        if row.name.lower() != "location":
            yield f"the answer's {row.name}", row.value
