"""The command `again`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.plain.declared import command
from explorer.plain.desk import Desk
from explorer.plain.sending import sent


@command("again", "5", takes="[N]", group="sending")
def again(desk: Desk, argument: str) -> Iterator[str]:
    """Send exchange N again exactly as it was, as another attempt of its step; without N the one at hand."""
    id = desk.exchange(argument).id
    yield from sent(desk, lambda progress: desk.bench.replay(id, progress), None)
