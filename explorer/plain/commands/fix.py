"""The command `fix`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.plain.declared import command
from explorer.plain.desk import Desk, number_in
from explorer.plain.sending import sent
from explorer.standing import next_request


@command("fix", "f", "mend", takes="[N] [send]", group="changing")
def fix(desk: Desk, argument: str) -> Iterator[str]:
    """Make the edited request that mends finding N, of those told last; with send, send it at once.

    What it changes is told, and after it was sent whether it has helped.
    """
    words = argument.split()
    at_once = words[-1:] == ["send"]
    number = " ".join(words[: len(words) - at_once])
    yield from desk.advice.fix(number_in(number) if number else 1)
    if at_once:
        yield from sent(desk, desk.bench.send, next_request(desk.state))
