"""What each pane of the main screen shows for a state and what is selected in it; nothing here draws."""

from __future__ import annotations

from explorer.insight import Insight
from explorer.model import Exchange
from explorer.plain.running import ending
from explorer.standing import next_request, next_sources
from explorer.state import State
from explorer.stepping import Blocked
from explorer.ui.pointing import Contents, Line, Pointed
from explorer.ui.rows import (
    answer_lines,
    connection_rows,
    location_rows,
    request_lines,
    sent_state_rows,
    step_rows,
)
from explorer.ui.rows.accounts import account_rows
from explorer.ui.rows.findings import finding_rows, warning_rows
from explorer.ui.rows.meanings import expected_rows, opaque_value, pointed_rows, use_tags, verdict_rows
from explorer.ui.rows.sent import kept_rows, sent_lines
from explorer.ui.text import Row, words
from explorer.visible import shortened


def title_text(state: State) -> str:
    """Return where the conversation stands, and which it is."""
    number = len(state.path) + 1
    where = f"step {number} of {number + len(state.planned)}" if state.pending else f"{len(state.path)} steps"
    return f"{where}  {state.title}"


def request_contents(state: State, selected: int, insight: Insight, *, is_sending: bool = False) -> Contents:
    """Return the request of the selected exchange, or (0) the next one with why it is there."""
    if selected:
        exchange = state.exchange(selected)
        edited = ", edited" if exchange.is_edited else ""
        found = insight.findings_of(selected)
        sent = [*sent_lines(exchange, insight.sources(selected), found)]
        return Contents(f"1 Request {exchange.id}, as sent{edited}", sent, exchange.spec)
    draft, step = state.draft, state.pending
    request = next_request(state)
    if request is None:
        return Contents("1 Request", [(words("There is no next request: the conversation is through."),)])
    title = f"1 Next request, {'being sent' if is_sending else 'not sent yet'}" + (", edited" if draft else "")
    warned = insight.warnings(request) if draft or state.exchanges else ()
    why = step_rows(step) if step and not (draft and draft.attempt_of) else ()
    lines: list[Line | Row] = [
        *kept_rows(state, request),
        *request_lines(request, next_sources(state, insight), 0, warned),
        (),
        *why,
        *expected_rows(request.method, request.target),
    ]
    return Contents(title, lines, step.spec if step else "")


def answer_contents(state: State, selected: int, insight: Insight) -> Contents:
    """Return the answer of the selected exchange, or (0) of the last one."""
    id = selected or len(state.exchanges)
    if not id:
        return Contents("2 Answer", [_nothing()])
    exchange = state.exchange(id)
    found = insight.findings_of(id)
    took = f"{exchange.timings.finished * 1000:.1f} ms" if exchange.timings.finished is not None else ""
    basis = "" if exchange.basis == "observed" else f", {exchange.basis.upper()}"
    lines: list[Line | Row] = [
        *answer_lines(exchange, use_tags(insight, exchange), found),
        (),
        *connection_rows(exchange),
    ]
    return Contents(f"2 Answer {id}{basis}", lines, took)


def meaning_contents(state: State, selected: int, insight: Insight, about: Pointed | None, width: int) -> Contents:
    """Return what is pointed at, explained; where nothing is, the verdict, the Location, the state, the account."""
    if about:
        sources = insight.sources(about.exchange) if about.exchange else next_sources(state, insight)
        of = state.exchange(about.exchange) if about.exchange else None
        request = of.request if of else next_request(state)
        opaque = opaque_value(about, request, of.response if of else None)
        rows = pointed_rows(about, sources, insight, request.method if request else "", opaque)
        return Contents(f"3 Meaning: {about.name or about.part}", [*rows])
    request = next_request(state)
    if not selected and request and not state.exchanges:
        return Contents("3 Meaning", [*expected_rows(request.method, request.target)])
    warned = insight.warnings(request) if request and not selected and (state.draft or state.exchanges) else ()
    id = selected or len(state.exchanges)
    if not id:
        return Contents("3 Meaning", [*warning_rows(warned), _nothing()])
    return Contents(f"3 Meaning of {id}", [*warning_rows(warned), *_meaning(state.exchange(id), insight, width)])


def _meaning(exchange: Exchange, insight: Insight, width: int) -> list[Row]:
    verdict, account = insight.verdict(exchange.id), insight.account(exchange.id)
    return [
        *(row for finding in insight.findings_of(exchange.id) for row in finding_rows(finding)),
        *(verdict_rows(verdict) if verdict else ()),
        *location_rows(exchange),
        *sent_state_rows(exchange.request),
        *(account_rows(account, width) if account else ()),
    ]


def _nothing() -> Row:
    return (words("nothing was sent yet", "dim"),)


def status_text(state: State, width: int) -> str:
    """Return what is to be said of the whole: how it ended, what went wrong, or where it is recorded."""
    if isinstance(state.outcome, Blocked) or (state.pending is None and not state.listening):
        return ending(state)
    last = state.exchanges[-1] if state.exchanges else None
    if last and last.error:
        return last.error.sentence
    return shortened(f"recording: {state.recording or 'begins with the first exchange'}", width)
