"""The commands `edit` and `change`: the next request, or one that was sent, edited."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.errors import InputError
from explorer.plain.declared import command
from explorer.plain.desk import Desk, nothing_follows
from explorer.plain.editing import Editing
from explorer.plain.sending import sent
from explorer.standing import next_request, proposed_of, to_edit


@command("edit", "2", group="changing")
def edit(desk: Desk, argument: str) -> Iterator[str]:
    """Edit the next request before it is sent: by its lines or parts, its body, or in your own editor.

    help at `edit>` says what can be typed there. What was edited goes out with the next send, as it was typed.
    """
    nothing_follows(argument, "edit")
    if to_edit(desk.state, 0) is None:
        raise InputError("There is no next request to edit; change N edits an exchange that was sent.")
    yield from _edited(desk, 0)


@command("change", "6", takes="[N]", group="changing")
def change(desk: Desk, argument: str) -> Iterator[str]:
    """Edit exchange N, to be sent as another attempt; without N the one at hand."""
    yield from _edited(desk, desk.exchange(argument).id)


def _edited(desk: Desk, id: int) -> Iterator[str]:
    chosen = to_edit(desk.state, id)
    if chosen is None:
        return
    request, attempt_of = chosen
    editing = Editing(request, proposed_of(desk.state, attempt_of), desk.insight.warnings, desk.say, desk.ask)
    edited = editing.run()
    if edited is None:
        return
    desk.bench.edit(edited.request, attempt_of)
    if edited.send:
        yield from sent(desk, desk.bench.send, next_request(desk.state))
