"""What each pane of the main screen shows for a state and what is selected in it; nothing here draws."""

from __future__ import annotations

from typing import NamedTuple

from explorer.model import Request
from explorer.plain.running import ending
from explorer.state import State
from explorer.stepping import Blocked
from explorer.ui.rows import answer_rows, connection_rows, location_rows, request_rows, sent_state_rows, step_rows
from explorer.ui.text import Row, words
from explorer.visible import shortened


class Contents(NamedTuple):
    """A pane's title, its rows, and what stands at its lower edge."""

    title: str
    rows: list[Row]
    subtitle: str = ""


def title_text(state: State) -> str:
    """Return where the conversation stands, and which it is."""
    number = len(state.path) + 1
    where = f"step {number} of {number + len(state.planned)}" if state.pending else f"{len(state.path)} steps"
    return f"{where}  {state.title}"


def request_contents(state: State, selected: int, *, is_sending: bool = False) -> Contents:
    """Return the request of the selected exchange, or (0) the next one with why it is there."""
    if selected:
        exchange = state.exchange(selected)
        edited = ", edited" if exchange.is_edited else ""
        return Contents(f"1 Request {exchange.id}, as sent{edited}", [*request_rows(exchange.request)])
    draft, step = state.draft, state.pending
    request = draft.request if draft else step.request if step else None
    if request is None:
        return Contents("1 Request", [(words("There is no next request: the conversation is through."),)])
    title = f"1 Next request, {'being sent' if is_sending else 'not sent yet'}" + (", edited" if draft else "")
    why = step_rows(step) if step and not (draft and draft.attempt_of) else ()
    rows = [*request_rows(request), (), *why]
    if step and step.relay and why:
        rows += [(), (words(f"At the same time: {step.relay.step.title}", "title"),)]
        rows += request_rows(step.relay.step.request)
    return Contents(title, rows, step.spec if step else "")


def answer_contents(state: State, selected: int) -> Contents:
    """Return the answer of the selected exchange, or (0) of the last one."""
    id = selected or len(state.exchanges)
    if not id:
        return Contents("2 Answer", [_nothing()])
    exchange = state.exchange(id)
    took = f"{exchange.timings.finished * 1000:.1f} ms" if exchange.timings.finished is not None else ""
    return Contents(f"2 Answer {id}", [*answer_rows(exchange), (), *connection_rows(exchange)], took)


def location_contents(state: State, selected: int) -> Contents:
    """Return what the Location of the same answer says, and the state in its request."""
    id = selected or len(state.exchanges)
    if not id:
        return Contents("3 Location and state", [_nothing()])
    exchange = state.exchange(id)
    rows = [*location_rows(exchange), *sent_state_rows(exchange.request)]
    return Contents(f"3 Location and state of {id}", rows)


def _nothing() -> Row:
    return (words("nothing was sent yet", "dim"),)


def status_text(state: State, width: int) -> str:
    """Return what is to be said of the whole: how it ended, what went wrong, or where it is recorded."""
    if isinstance(state.outcome, Blocked) or state.pending is None:
        return ending(state)
    last = state.exchanges[-1] if state.exchanges else None
    if last and last.error:
        return last.error.sentence
    return shortened(f"recording: {state.recording}", width)


def to_edit(state: State, selected: int) -> tuple[Request, int] | None:
    """Return the request that an edit begins with, and the exchange that it is to be another attempt of (0: none)."""
    if selected:
        return state.exchange(selected).request, selected
    if state.draft:
        return state.draft.request, state.draft.attempt_of
    return (state.pending.request, 0) if state.pending else None
