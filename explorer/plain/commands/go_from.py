"""The command `from`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.plain.declared import command
from explorer.plain.desk import Desk


@command("from", "9", takes="[N]", group="sending")
def go_from(desk: Desk, argument: str) -> Iterator[str]:
    """Go on from exchange N; without N from the one at hand. The exchanges since then stay in the recording."""
    id = desk.exchange(argument).id
    desk.bench.stand_after(id)
    desk.work.at = 0
    yield f"Going on from exchange {id}."
