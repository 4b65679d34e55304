"""Findings as rows: what is wrong, how it is known, who mends it and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from explorer.model import CERTAINTIES, Finding, Place
from explorer.ui.text import Row, Span, words

if TYPE_CHECKING:
    from explorer.compare import Comparison, Difference

CERTAINTY_STYLES = {"decides": "bad", "likely": "odd", "hint": "dim"}
CERTAINTY_SIGNS = {"decides": "✗", "likely": "!", "hint": "?"}


def finding_rows(finding: Finding, *, whole: bool = True) -> Iterator[Row]:
    """Yield a finding: in one row, or with everything that there is to it."""
    from explorer.plain.findings import exchanges_words

    style = CERTAINTY_STYLES[finding.certainty]
    where = exchanges_words(finding.exchanges).removeprefix(", ")
    yield (
        words(f"{CERTAINTY_SIGNS[finding.certainty]} ", style),
        words(finding.what, "told" if not whole else "title"),
    )
    if not whole:
        return
    yield (words(f"  {finding.rule}, {finding.certainty}, {where}", "dim"),)
    for name, text in (
        ("why", finding.cause),
        ("proof", finding.proof),
        ("fix", f"({finding.who}) {finding.fix}"),
        *(("or", other) for other in finding.otherwise),
        ("to tell", finding.experiment),
        ("edit", f"{finding.edit.words} (m mends it)" if finding.edit else ""),
        ("see", ", ".join(finding.sources)),
    ):
        if text.strip():
            yield (words(f"  {name:<7} ", "name"), words(text, "told"))


def marks(findings: Sequence[Finding], exchange: int, part: str, name: str = "") -> tuple[tuple[Place, str], ...]:
    """Return the places of findings in one part of an exchange (of one header by `name`), each with its rule."""
    return tuple(
        (place, finding.rule)
        for finding in findings
        for place in finding.places
        if (place.exchange == exchange or not exchange) and place.part == part and place.name.lower() == name.lower()
    )


def rule_tags(places: Sequence[tuple[Place, str]]) -> tuple[Row, ...]:
    """Return the tags for the margin that name the rules which point here."""
    return tuple((words(f"✗ {rule}", "bad"),) for rule in dict.fromkeys(rule for _, rule in places))[:2]


def strongest_sign(findings: Sequence[Finding]) -> Span:
    """Return the sign of the most certain of some findings; a blank for none."""
    found = min((CERTAINTIES.index(finding.certainty) for finding in findings), default=None)
    if found is None:
        return words(" ")
    return words(CERTAINTY_SIGNS[CERTAINTIES[found]], CERTAINTY_STYLES[CERTAINTIES[found]])


def warning_rows(warnings: Sequence[Finding]) -> Iterator[Row]:
    """Yield what would fail if a request was sent as it is."""
    if not warnings:
        return
    yield (words("before it is sent", "name"),)
    for warning in warnings:
        style = CERTAINTY_STYLES[warning.certainty]
        yield (words(f"  {CERTAINTY_SIGNS[warning.certainty]} ", style), words(warning.what, "told"))
        if warning.proof:
            yield (words("    "), words(warning.proof, "prose"))
        yield (words("    "), words(warning.fix, "prose"))


def difference_rows(comparison: Comparison, *, is_unfolded: bool = False) -> Iterator[Row]:
    """Yield what differs, the stretches that differ marked within their values.

    What was to be expected comes last: in one row, or unfolded, each with why it may differ.
    """
    for difference in comparison.real:
        yield (words(difference.where, "name"),)
        yield from _sides(difference)
    passing = [difference for difference in comparison.differences if difference.passes]
    if passing and not is_unfolded:
        listed = ", ".join(one.where for one in passing)
        yield (
            words(f"{len(passing)} expected {'difference' if len(passing) == 1 else 'differences'}: ", "dim"),
            words(listed, "prose"),
        )
    for difference in passing if is_unfolded else ():
        yield (words(difference.where, "name"), words(f"  expected: {difference.passes}", "prose"))
        yield from _sides(difference)


def _sides(difference: Difference) -> Iterator[Row]:
    if difference.left is None or difference.right is None:
        sign, text = ("+ ", difference.right) if difference.left is None else ("- ", difference.left)
        yield (words(f"  {sign}", "edited"), words(text or ""))
        return
    from explorer.compare import stretches

    parts = stretches(difference.left, difference.right)
    for sign, style, other in (("- ", "bad", "added"), ("+ ", "good", "removed")):
        spans = (_stretch(part.text, part.kind != "same") for part in parts if part.kind != other)
        yield (words(f"  {sign}", style), *spans)


def _stretch(text: str, differs: bool) -> Span:
    return words(text, "found" if differs else "text")
