"""Which actions of the main screen can be done now, so that its keys tell the truth."""

from __future__ import annotations

from explorer.workbench import State

CHANGING = ("send", "edit", "undo", "replay", "go_on", "run", "stop")
"""Actions that are possible only at times."""


def possible(action: str, state: State, selected: int, *, is_busy: bool, is_sending: bool) -> bool | None:
    """Say whether an action is possible: True; None where its key is shown greyed out; False where it is not shown."""
    match action:
        case "stop":
            return is_sending
        case "undo":
            return bool(state.draft) and not is_busy
        case "send":
            can = bool(state.pending or state.draft)
        case "edit":
            can = bool(state.pending or selected)
        case "run":
            can = state.pending is not None
        case "replay" | "go_on":
            can = selected > 0
        case _:
            return True
    return True if can and not is_busy else None
