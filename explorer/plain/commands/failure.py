"""The command `failure`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.plain.declared import command
from explorer.plain.desk import Desk, nothing_follows
from explorer.plain.telling import exchange_told
from explorer.standing import failures


@command("failure", "!", group="looking")
def failure(desk: Desk, argument: str) -> Iterator[str]:
    """Go to the next exchange that failed, from the one at hand on and round, and show it with what is wrong."""
    nothing_follows(argument, "failure")
    state, at = desk.state, desk.work.at
    count = len(state.exchanges)
    found = next(failures(state, desk.insight, (*range(at + 1, count + 1), *range(1, at + 1))), 0)
    if not found:
        yield "No exchange has failed."
        return
    desk.work.at = found
    yield from exchange_told(state.exchange(found))
    yield from desk.advice.told(desk.insight.findings_of(found))
