"""The commands `sessions`, `session` and `where`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.plain.declared import command
from explorer.plain.desk import Desk, nothing_follows


@command("sessions", group="the program")
def sessions(desk: Desk, argument: str) -> Iterator[str]:
    """List the sessions that are open here: the first one, and those that replays and open have added."""
    nothing_follows(argument, "sessions")
    for number, work in enumerate(desk.works, start=1):
        at_hand = ", at hand" if number - 1 == desk.current else ""
        yield f"{number}. {work.bench.state.title}: {len(work.bench.state.exchanges)} exchanges{at_hand}"


@command("session", takes="K", group="the program")
def session(desk: Desk, argument: str) -> Iterator[str]:
    """Go to session K, of those that sessions lists; the others stay as they are."""
    desk.current = desk.place_of(argument)
    yield desk.at_hand


@command("where", "status", group="the program")
def where(desk: Desk, argument: str) -> Iterator[str]:
    """Hear where the conversation stands: which it is, how far, what is at hand, where it is recorded."""
    nothing_follows(argument, "where")
    state = desk.state
    yield f"Session {desk.current + 1} of {len(desk.works)}: {state.title}"
    yield f"Exchanges: {len(state.exchanges)}, of which {len(state.path)} led to where it stands"
    yield f"Exchange at hand: {desk.work.at or len(state.exchanges) or 'none'}"
    yield f"Edited: {'yes' if state.draft else 'no'}"
    yield f"Recording: {state.recording or 'none yet'}"
