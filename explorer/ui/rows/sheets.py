"""A request in parts as rows, and what an edit changed: marked by signs before colours."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from explorer.compare import stretches
from explorer.editing import HeaderRow, Part, Sheet, changes
from explorer.errors import Problem
from explorer.model import Body, Finding, Request, body_size
from explorer.origins import Source
from explorer.plain.transcript import body_words
from explorer.ui.pointing import Line
from explorer.ui.rows.findings import warning_rows
from explorer.ui.rows.requests import tags
from explorer.ui.text import Row, words
from explorer.visible import size_text

Warnings = Callable[[Request], Sequence[Finding]]
"""Says what would fail if a request was sent next."""


def sheet_lines(sheet: Sheet, proposed: Sheet, sources: Sequence[Source] = ()) -> Iterator[Line]:
    """Yield a line for each of a sheet: `~` marks what was changed, `+` what was added, `[ ]` a row that is off.

    In the margin stands where its value came from.
    """
    margins = _margins(sheet, sources)
    signs = {change.number: change.sign for change in changes(proposed, sheet) if change.sign != "-"}
    for number, line in enumerate(sheet.lines):
        sign = signs.get(number, " ")
        match line:
            case HeaderRow(is_on=is_on):
                kind = "[x] " if is_on else "[ ] "
            case Part():
                kind = "path" if number == 1 else "  "
            case _:
                kind = "    "
        style = "edited" if sign != " " else "dim" if isinstance(line, HeaderRow) and not line.is_on else "text"
        row = (words(f"{sign} ", "edited"), words(f"{kind:<5}", "dim"), words(sheet.text(number), style))
        yield Line(row, margins.get(number, ()))


def _margins(sheet: Sheet, sources: Sequence[Source]) -> dict[int, tuple[Row, ...]]:
    """Return what is said of the origins of the request's values, by the numbers of the lines that hold them."""
    found: dict[int, list[Source]] = {}
    headers = [number for number, line in enumerate(sheet.lines) if isinstance(line, HeaderRow) and line.is_on]
    ends = [*accumulate(len(part.sign + part.text) for part in sheet.parts)]
    for source in sources:
        if source.span.part == "header":
            found.setdefault(headers[source.span.row], []).append(source)
        elif source.span.part == "target":
            # A value that reaches over several pieces, as a whole Location does, stands at the first of them.
            found.setdefault(1 + bisect_right(ends, source.span.start), []).append(source)
    return {number: tags(here) for number, here in found.items()}


def objection_rows(request: Request, warnings: Warnings | None) -> Iterator[Row]:
    """Yield why a request cannot be sent, and what would fail if it was."""
    from explorer.wire.sendable import check_sendable

    try:
        check_sendable(request)
    except Problem as problem:
        yield (words("✗ cannot be sent: ", "bad"), words(problem.sentence))
    yield from warning_rows(warnings(request) if warnings else ())


def change_rows(proposed: Sheet, sheet: Sheet) -> Iterator[Row]:
    """Yield what differs from what was proposed: a line as it was, the line as it is, the stretches marked in it."""
    if proposed.origin != sheet.origin:
        yield from _pair(f"to {proposed.origin}", f"to {sheet.origin}")
    for change in changes(proposed, sheet):
        now = "" if change.sign == "-" else sheet.text(change.number)
        line = None if change.sign == "-" else sheet.lines[change.number]
        if isinstance(line, HeaderRow) and not line.is_on:
            yield (words("- ", "bad"), words(now), words("  (switched off)", "dim"))
        elif change.sign == "~":
            yield from _pair(change.before, now)
        else:
            yield (words(f"{change.sign} ", "edited"), words(now or change.before))
    if proposed.body != sheet.body:
        yield from _pair(f"body: {_body(proposed)}", f"body: {_body(sheet)}")


def body_title(body: Body, kind: str) -> str:
    """Return what a body is, and what it is edited as."""
    return f"Body{f' as {kind}' if kind else ''}: {size_text(body_size(body))}, {body_words(body)}"


def _pair(before: str, now: str) -> Iterator[Row]:
    if before == now:
        yield (words("~ ", "edited"), words(now))
        return
    parts = stretches(before, now)
    for sign, style, other in (("- ", "bad", "added"), ("+ ", "good", "removed")):
        spans = (words(part.text, "text" if part.kind == "same" else "found") for part in parts if part.kind != other)
        yield (words(sign, style), *spans)


def _body(sheet: Sheet) -> str:
    return f"{size_text(body_size(sheet.body))}, {body_words(sheet.body)}"
