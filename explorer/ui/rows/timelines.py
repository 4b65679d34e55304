"""The rows of the timeline."""

from __future__ import annotations

from explorer.model import Summary, summary_at
from explorer.standing import became
from explorer.state import State
from explorer.ui.text import POINTER, Row, Span, row_width, wire, words

_TAIL = 13
"""Cells of the column of status and mark ("404 no answer")."""

_TIME = 7
"""Cells of the column of the time ("12345ms")."""

_WIDE = 53
"""From so many cells on, a row of the timeline has the time too."""

_STYLES = {"MADE UP": "odd", "no answer": "bad", "ok": "good", "refused": "bad", "kept": "odd"}


def mark_of(state: State, id: int, summary: Summary, on_path: frozenset[int]) -> Span:
    """Return what became of an exchange, in a word."""
    word = became(state, id, summary, on_path)
    return words(word, _STYLES[word])


def timeline_row(
    state: State, id: int, attempt: int, on_path: frozenset[int], sign: Span, width: int, letter: str = ""
) -> Row:
    """Return an exchange as a row of the timeline, `width` cells wide; it is not parsed for it.

    `attempt` counts from 1 within its step; `sign` is that of what is wrong with it; `letter` that of its group.
    """
    summary = summary_at(state.exchanges, id - 1)
    tail: Row = (words(f"{summary.status or '---'} "), mark_of(state, id, summary, on_path))
    if width >= _WIDE:
        tail = (words(f"{_took(summary.took):>{_TIME}} ", "dim"), *tail)
    front = (
        words(f"{id:>4}" if id < 1000 else f" {id}", "dim"),
        words("~", "edited") if summary.is_edited else sign,
        wire(f"{summary.method:<6} ", "name"),
        words(f"{letter:<2} " if letter else "", "accent"),
    )
    title = summary.title if attempt == 1 else f"attempt {attempt}: {summary.title}"
    return _spread(front, words(title), tail, width)


def _took(seconds: float | None) -> str:
    """Return a time in at most as many cells as its column has."""
    if seconds is None:
        return ""
    return f"{seconds * 1000:.0f}ms" if seconds < 99.9995 else f"{seconds:.0f}s"


def next_row(state: State, width: int, sending: str = "") -> Row:
    """Return the row of what is sent next."""
    if state.draft and state.draft.attempt_of:
        what, method = f"exchange {state.draft.attempt_of} again, edited", state.draft.request.method
    elif state.pending:
        request = state.draft.request if state.draft else state.pending.request
        what, method = state.pending.title, request.method
    elif state.listening:
        return (words("   ▸ ", "accent"), words(state.listening, "accent"))
    else:
        return (words("   ✓ ", "good"), words("the conversation is through", "good"))
    edited = words("~" if state.draft else " ", "edited")
    tail = (words(sending or "next", "accent"),)
    return _spread(
        (words("   ▸", "accent"), edited, wire(f"{method:<6} ", "accent")), words(what, "accent"), tail, width
    )


def pointed_out(row: Row) -> Row:
    """Return the selected row with a sign at its front, so that no colour is needed to see which one it is."""
    if not row:
        return row
    return (Span(POINTER, "accent"), Span(row[0].text[1:], row[0].style), *row[1:])


def group_row(label: str, width: int, letter: str = "") -> Row:
    """Return the row that stands above the exchanges of one blob or manifest, with its letter where it has one."""
    front = f"  {letter} ─ " if letter else "  ─ "
    room = width - len(front)
    text = label if len(label) <= room else label[: room - 1] + "…"
    return (words(front, "accent" if letter else "dim"), words(text, "name"))


def planned_row(title: str, width: int) -> Row:
    """Return the row of a step that is to come."""
    return _spread((words("   ·        ", "dim"),), words(title, "dim"), (words("planned", "dim"),), width)


def _spread(front: Row, middle: Span, tail: Row, width: int) -> Row:
    """Return a row whose middle is cut or filled so that status and mark stand in a column of their own at the end."""
    end = _TAIL + _TIME + 1 if width >= _WIDE and len(tail) > 2 else _TAIL
    room = max(4, width - row_width(front) - end - 1)
    text = middle.text if len(middle.text) <= room else middle.text[: room - 1] + "…"
    return (*front, Span(f"{text:<{room}} ", middle.style), *tail)
