"""The command `undo`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.errors import InputError
from explorer.plain.declared import command
from explorer.plain.desk import Desk, nothing_follows


@command("undo", "3", group="changing")
def undo(desk: Desk, argument: str) -> Iterator[str]:
    """Drop the edits: the next request goes out as the conversation wants it."""
    nothing_follows(argument, "undo")
    if desk.state.draft is None:
        raise InputError("Nothing is edited, so there is nothing to undo. Within an edit, undo takes back one change.")
    desk.bench.drop_draft()
    yield "The edits are dropped."
