"""The command `next`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.plain.declared import command
from explorer.plain.desk import Desk, nothing_follows


@command("next", group="looking")
def next_step(desk: Desk, argument: str) -> Iterator[str]:
    """Hear the next request again, as it will go out, why it is there, and what would fail of it."""
    from explorer.plain.prompts import next_told

    nothing_follows(argument, "next")
    desk.work.at = 0
    yield from next_told(desk)
