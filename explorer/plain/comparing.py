"""Differences in words: between two exchanges, and between a proposed request and what was made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from explorer.compare import Comparison
from explorer.editing import HeaderRow, Sheet, changes
from explorer.errors import Problem
from explorer.model import Finding, Request, body_size
from explorer.visible import visible
from explorer.wire.sendable import check_sendable


def comparison_told(comparison: Comparison, names: tuple[str, str]) -> Iterator[str]:
    """Yield the verdict, then each difference with its two values; what passes from run to run comes last, in short."""
    yield comparison.verdict
    for difference in comparison.real:
        yield f"{difference.where}:"
        for name, value in zip(names, (difference.left, difference.right), strict=True):
            yield f"  {name}: {'(not there)' if value is None else visible(value)}"
    passing = [difference.where for difference in comparison.differences if difference.passes]
    if passing:
        yield f"{len(passing)} expected differences: {', '.join(passing)}."


def changes_told(
    proposed: Sheet, sheet: Sheet, warnings: Callable[[Request], tuple[Finding, ...]] | None = None
) -> Iterator[str]:
    """Yield what an edit has changed, what of it cannot be sent, and what would fail if it was sent."""
    told = [*_changes(proposed, sheet)]
    yield from told or ["Nothing differs from the proposed request."]
    try:
        check_sendable(sheet.request)
    except Problem as problem:
        yield f"It cannot be sent: {problem.sentence}"
    for warning in warnings(sheet.request) if warnings else ():
        yield f"It would fail: {warning.what} ({warning.rule})"


def _changes(proposed: Sheet, sheet: Sheet) -> Iterator[str]:
    if proposed.origin != sheet.origin:
        yield f"Where it goes: was {proposed.origin}, is {sheet.origin}"
    for change in changes(proposed, sheet):
        line = sheet.lines[change.number] if change.sign != "-" else None
        if isinstance(line, HeaderRow) and not line.is_on:
            yield f"Switched off: {sheet.text(change.number)}"
        elif change.sign == "-":
            yield f"Gone: {change.before}"
        elif change.sign == "+":
            yield f"Added: {sheet.text(change.number)}"
        else:
            yield f"Was: {change.before}"
            yield f"  is: {sheet.text(change.number)}"
    if proposed.body != sheet.body:
        yield f"Body: was {body_size(proposed.body)} bytes, is {body_size(sheet.body)} bytes, or has other ones."
