"""The commands `headers` and `explain`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.model import Headers
from explorer.plain.declared import command
from explorer.plain.desk import Desk
from explorer.redact import masked
from explorer.spec.fields import field_named
from explorer.visible import wire_to_text


@command("headers", takes="[N]", group="understanding")
def headers(desk: Desk, argument: str) -> Iterator[str]:
    """Hear each header of exchange N explained: its meaning, its section, and whether its value is as it should be."""
    exchange = masked(desk.exchange(argument))
    yield from _explained(f"request {exchange.id}", exchange.request.headers, in_answer=False)
    if exchange.response:
        yield from _explained(f"answer {exchange.id}", exchange.response.headers, in_answer=True)


def _explained(where: str, rows: Headers, *, in_answer: bool) -> Iterator[str]:
    yield f"Headers of {where}:"
    for row in rows:
        yield f"{wire_to_text(row.name)}: {wire_to_text(row.value)}"
        known = field_named(row.name)
        if known is None:
            yield "  Nothing is known of this header."
            continue
        objection = known.objection(row.value, in_answer=in_answer)
        yield f"  {known.meaning} ({known.section})"
        yield f"  The value: {objection or 'as it should be'}"


@command("explain", takes="[WORD]", group="understanding")
def explain(desk: Desk, argument: str) -> Iterator[str]:
    """Explain a rule, an error code, a header (also as Name: value) or a status; without WORD, list them."""
    from explorer.jobs.explaining import explain as explained
    from explorer.jobs.explaining import overview

    del desk
    yield from (line for line in (explained(argument) if argument.strip() else overview()) if line)
