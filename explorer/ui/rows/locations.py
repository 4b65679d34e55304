"""What a Location and a state token say, as rows."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.decoders import decode
from explorer.decoders.upload_state import state_of
from explorer.errors import Stuck
from explorer.model import Exchange, Request
from explorer.plain.telling import fits_told, misfits_told
from explorer.spec.locations import resolve
from explorer.ui.text import Row, wire, words


def location_rows(exchange: Exchange) -> Iterator[Row]:
    """Yield where the answer's Location leads, what its state token says, and how that fits what was sent."""
    response = exchange.response
    location = response.headers.get("Location") if response else None
    if response is None or location is None:
        yield (words("the answer has no Location", "dim"),)
        return
    yield (words("Location ", "name"), wire(location))
    try:
        origin, target = resolve(exchange.request, location)
    except Stuck as stuck:
        yield (words(stuck.sentence, "bad"),)
        return
    if origin != exchange.request.origin:
        yield (words(f"leads to {origin}, but the request went to {exchange.request.origin}", "bad"),)
    elif location == target:
        yield (words(f"relative: leads to {origin}", "dim"),)
    for decoded in decode(target):
        yield (words(f"{decoded.kind}, decoded ", "name"), words(f"({decoded.basis})", "dim"))
        for name, value in decoded.fields:
            fit = _fit(name, value, exchange, target) if decoded.kind == "upload state" else ()
            yield (words(f"  {name:<10}", "dim"), words(value), *fit)


def _fit(name: str, value: str, exchange: Exchange, target: str) -> Row:
    if fits := fits_told(name, value, exchange, target):
        return (words(f"  = {fits}", "fits"),)
    if misfits := misfits_told(name, value, exchange, target):
        return (words(f"  ≠ {misfits}", "warned"),)
    return ()


def sent_state_rows(request: Request) -> Iterator[Row]:
    """Yield what the state token in a request's own target says."""
    state = state_of(request.target)
    if state:
        yield (words("_state in this request ", "name"), words("(this registry's habit)", "dim"))
        yield (words("  Offset    ", "dim"), words(f"{state.offset}"))
        yield (words("  StartedAt ", "dim"), words(state.started_at))
