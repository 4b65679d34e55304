"""Findings as lines for people: what is wrong, why, how it is known, who mends it and how, as a difference."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from explorer.editing import head_lines
from explorer.model import Exchange, Finding, Request, body_size
from explorer.visible import visible, wire_to_text

if TYPE_CHECKING:
    from explorer.recognition import Parties, Recognised

_WIDTH = 100
_INDENT = "      "


def findings_lines(findings: Sequence[Finding], requests: dict[int, Request]) -> Iterator[str]:
    """Yield findings as lines, numbered from 1; `requests` are those that were sent, to show edits against."""
    for number, finding in enumerate(findings, start=1):
        yield from finding_lines(finding, number, requests)
        yield ""


def requests_to_mend(findings: Sequence[Finding], exchanges: Sequence[Exchange]) -> dict[int, Request]:
    """Return the requests that the findings have an edit for, by the ids of their exchanges."""
    ids = {finding.edit.exchange for finding in findings if finding.edit}
    return {id: exchanges[id - 1].request for id in sorted(ids) if 0 < id <= len(exchanges)}


SIGNS = ("- ", "+ ")
IN_WORDS = ("was: ", "is:  ")
"""What stands before a line as it was and as an edit makes it: for the eye, or to be heard."""


def finding_lines(finding: Finding, number: int, requests: dict[int, Request]) -> Iterator[str]:
    """Yield one finding as lines."""
    where = exchanges_words(finding.exchanges)
    yield f"{number:>2}. {visible(finding.what)}  [{finding.rule}, {finding.certainty}{where}]"
    yield from _part("why", finding.cause)
    yield from _part("proof", finding.proof)
    yield from _part("fix", f"({finding.who}) {finding.fix}")
    for other in finding.otherwise:
        yield from _part("or", other)
    yield from _part("to tell" if finding.otherwise else "next", finding.experiment)
    if finding.edit:
        yield from _part("edit", finding.edit.words)
        before = requests.get(finding.edit.exchange)
        if before:
            yield from (f"{_INDENT}{line}" for line in difference(before, finding.edit.request))
    yield from _part("see", ", ".join(finding.sources))


def finding_told(finding: Finding, number: int, requests: dict[int, Request]) -> Iterator[str]:
    """Yield one finding in words, a fact to a line however long it is, as line mode says it."""
    where = exchanges_words(finding.exchanges)
    yield f"Finding {number}: {finding.what} ({finding.rule}, {finding.certainty}{where})"
    for name, text in (
        ("Why", finding.cause),
        ("Proof", finding.proof),
        (f"Fix, by the {finding.who}", finding.fix),
        *(("Or", other) for other in finding.otherwise),
        ("To tell them apart" if finding.otherwise else "Next", finding.experiment),
        ("Edit", finding.edit.words if finding.edit else ""),
    ):
        if text.strip():
            yield f"  {name}: {' '.join((wire_to_text(text) if text.isascii() else visible(text)).split())}"
    before = requests.get(finding.edit.exchange) if finding.edit else None
    if finding.edit and before:
        yield from (f"  {line}" for line in difference(before, finding.edit.request, IN_WORDS))
    if finding.sources:
        yield f"  See: {', '.join(finding.sources)}"


def exchanges_words(ids: Sequence[int]) -> str:
    """Return where something was seen, as the end of a row: the first few exchanges, and how many more."""
    if not ids:
        return ""
    shown = ", ".join(map(str, ids[:6]))
    more = f" and {len(ids) - 6} more" if len(ids) > 6 else ""
    return f", exchange{'s' if len(ids) > 1 else ''} {shown}{more}"


def _part(name: str, text: str) -> Iterator[str]:
    if not text.strip():
        return
    lines = textwrap.wrap(
        wire_to_text(text) if text.isascii() else visible(text), _WIDTH - len(_INDENT) - 9, break_on_hyphens=False
    )
    for index, line in enumerate(lines):
        yield f"{_INDENT}{name if index == 0 else '':<8} {line}"


def difference(before: Request, after: Request, signs: tuple[str, str] = SIGNS) -> Iterator[str]:
    """Yield what an edit changes, as lines with a sign before them; credentials stay masked."""
    was, now = signs
    if before.origin != after.origin:
        yield f"{was}to {before.origin}"
        yield f"{now}to {after.origin}"
    old, new = head_lines(before), head_lines(after)
    yield from (f"{was}{line}" for line in old if line not in new)
    yield from (f"{now}{line}" for line in new if line not in old)
    if body_size(before.body) != body_size(after.body):
        yield f"{was}(body: {body_size(before.body)} bytes)"
        yield f"{now}(body: {body_size(after.body)} bytes)"


def parties_lines(parties: Parties) -> Iterator[str]:
    """Yield who takes part, with the evidence."""
    for role, party in (("registry", parties.registry), ("client", parties.client), ("proxy", parties.proxy)):
        if party:
            yield f"{role}: {_party(party)}"


def _party(party: Recognised) -> str:
    version = f" {visible(party.version)}" if party.version else ""
    return f"{party.name}{version} ({party.certainty}: {visible('; '.join(party.evidence))})"
