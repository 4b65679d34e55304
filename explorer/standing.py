"""What can be said of a state and its exchanges: what goes out next, what became of each, which of them failed.

The screen and the line mode both ask here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from explorer.insight import Insight
from explorer.model import Edit, Exchange, Request, Summary
from explorer.origins import Source
from explorer.state import State
from explorer.stepping import Blocked
from explorer.supposing import MADE_UP


def next_request(state: State) -> Request | None:
    """Return the request that goes out next: the draft where there is one; None where there is none."""
    step = state.pending
    return state.draft.request if state.draft else step.request if step else None


def next_sources(state: State, insight: Insight) -> tuple[Source, ...]:
    """Return where the values of the next request came from."""
    request = next_request(state)
    step = state.pending
    proposed = step.request if step and not (state.draft and state.draft.attempt_of) else None
    return insight.sources_of(request, proposed) if request else ()


def proposed_of(state: State, attempt_of: int) -> Request | None:
    """Return what the flow had proposed in the place of an edit; None where it proposes nothing."""
    if attempt_of:
        return state.exchange(attempt_of).proposed
    return state.pending.request if state.pending else None


def to_edit(state: State, selected: int) -> tuple[Request, int] | None:
    """Return the request that an edit begins with, and the exchange that it is to be another attempt of (0: none)."""
    if selected:
        return state.exchange(selected).request, selected
    if state.draft:
        return state.draft.request, state.draft.attempt_of
    return (state.pending.request, 0) if state.pending else None


def attempt_of(state: State, edit: Edit) -> int:
    """Return the exchange that a mend is another attempt of; 0 for the pending step."""
    if edit.exchange > len(state.exchanges):
        return state.draft.attempt_of if state.draft else 0
    exchange = state.exchange(edit.exchange)
    return 0 if _is_at_the_end(state, exchange) else edit.exchange


def became(state: State, id: int, summary: Summary, on_path: frozenset[int]) -> str:
    """Return what became of an exchange: ok, refused, no answer, MADE UP, or kept (left behind by another attempt)."""
    if summary.basis == MADE_UP:
        return "MADE UP"
    if summary.is_failed:
        return "no answer"
    if id in on_path and (state.outline or not _is_a_refusal(summary)):
        return "ok"
    return "refused" if summary.status >= 400 or _is_at_the_end(state, summary) else "kept"


def failures(state: State, insight: Insight, ids: Iterable[int]) -> Iterator[int]:
    """Yield which of some exchanges failed: without an answer, with a wrong one, or refused."""
    on_path = frozenset(state.path)
    for id in ids:
        exchange = state.exchange(id)
        verdict = insight.verdict(id)
        is_refused = exchange.status >= 400 and id not in on_path
        if exchange.error or (verdict and verdict.grade == "wrong") or is_refused:
            yield id


def is_made_up_for(state: State, id: int) -> bool:
    """Say whether another attempt of the step of an exchange has been taken since, so that nothing is left to mend."""
    if id in state.path or not 0 < id <= len(state.exchanges):
        return False
    failed = state.exchange(id)
    later = (state.exchange(other) for other in state.path if other > id)
    return any((one.after, one.title) == (failed.after, failed.title) for one in later)


def _is_at_the_end(state: State, of: Exchange | Summary) -> bool:
    """Say whether an exchange is one that the flow was refused by, and stands before."""
    return isinstance(state.outcome, Blocked) and of.after == (state.path[-1] if state.path else 0)


def _is_a_refusal(of: Summary) -> bool:
    """Say whether an exchange that no flow has judged was refused; a HEAD's 404 and a challenge are answers."""
    return of.status >= 400 and of.status != 401 and of.method != "HEAD"
