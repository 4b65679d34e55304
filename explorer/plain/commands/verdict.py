"""The commands `expect` and `verdict`: what may come back, and what came."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.plain.declared import command
from explorer.plain.desk import Desk
from explorer.plain.telling import verdict_told
from explorer.spec.endpoints import endpoint_of


@command("expect", takes="[N or next]", group="understanding")
def expect(desk: Desk, argument: str) -> Iterator[str]:
    """Hear what a request may be answered with by the specification: the next one, or that of exchange N."""
    request = desk.subject(argument).request
    endpoint = endpoint_of(request.method, request.target)
    if endpoint is None:
        yield f"{request.method} {request.target} is none of this API's endpoints, so nothing is expected of it."
        return
    yield f"{endpoint.id}, {endpoint.title}:"
    for status, grade, meaning in endpoint.answers:
        yield f"  {status}: {meaning}{'' if grade == 'expected' else f' ({grade})'}"


@command("verdict", takes="[N]", group="understanding")
def verdict(desk: Desk, argument: str) -> Iterator[str]:
    """Hear what the specification says of the answer of exchange N, each sentence with its section."""
    yield from verdict_told(desk.insight.verdict(desk.exchange(argument).id))
