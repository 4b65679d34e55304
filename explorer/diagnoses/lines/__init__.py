"""Thin evidence: error lines from a terminal or a log, without the exchanges behind them.

A line that names a method, a URL and a status becomes an inferred exchange, which the rules look at as at any other.
A line that says less is looked up among the clues: what a client or a server prints, and what it most likely means.
"""

from __future__ import annotations

from dataclasses import replace

from explorer.diagnoses.capture import capture
from explorer.diagnoses.engine import diagnose
from explorer.diagnoses.finding_rules import rule_named
from explorer.diagnoses.lines.besides import (
    UNEXPLAINED,
    answers_alone,
    clues_besides,
    error_lines,
    exchanges_besides,
    without_the_unexplained,
)
from explorer.diagnoses.lines.clues import Clue, clues_in, speaker
from explorer.diagnoses.lines.inferring import inferred
from explorer.diagnoses.outcomes import is_refused
from explorer.frozen import frozen
from explorer.model import CERTAINTIES, Exchange, Finding, FlowCall, Session

LONGEST = 1 << 20
"""So many characters of a text are looked at."""


@frozen
class Heard:
    """What error lines tell: exchanges that were inferred from them, findings, and who printed them."""

    exchanges: tuple[Exchange, ...]
    findings: tuple[Finding, ...]
    client: str
    next: str

    def __bool__(self) -> bool:
        return bool(self.findings or self.exchanges)


def hear(text: str, *, everything: bool = False) -> Heard:
    """Return what error lines tell. Never raises; nothing is found in a text that has none."""
    text = text[:LONGEST]
    lines = tuple(line for line in text.splitlines() if line.strip())
    client = speaker(text)
    exchanges = inferred(lines)
    found = diagnose(Session("", 0.0, FlowCall(""), exchanges), everything=everything, notes=lines)
    strong = [finding for finding in found if finding.rule not in UNEXPLAINED]
    told = {finding.rule for finding in strong} | {name for f in strong for name in rule_named(f.rule).covers}
    clues = [clue for clue in clues_in(lines) if not told & set(clue.rules)]
    by_lines = [_finding(clue, client) for clue in clues]
    weak = [finding for finding in found if finding not in strong] if not by_lines else []
    findings = sorted([*strong, *by_lines, *weak], key=lambda finding: CERTAINTIES.index(finding.certainty))
    who = next((clue.client for clue in clues if clue.client), client)
    return Heard(exchanges, tuple(findings), client or who, capture(client or who))


def hear_besides(
    session: Session, notes: tuple[str, ...], *, everything: bool = False
) -> tuple[Session, tuple[Finding, ...], str]:
    """Return what is wrong with a session that has further lines beside it, and what a client said last among them.

    The session that is returned has the exchanges, too, that only such a line speaks of. The third is who printed the
    lines that tell of a failure; empty where none does, or that cannot be told.
    """
    lines = error_lines(notes)
    added = exchanges_besides(lines, session.exchanges)
    if added:
        session = replace(session, exchanges=(*session.exchanges, *added))
    found = diagnose(session, everything=everything, notes=notes)
    went_well = not any(is_refused(exchange) for exchange in session.exchanges)
    said = (*lines, *answers_alone(session.exchanges))
    clues = tuple(clues_besides(said, found, went_well=went_well))
    if not clues:
        return session, found, ""
    client = speaker("\n".join(lines))
    strong = [finding for finding in found if finding.certainty != "hint"]
    hints = [finding for finding in without_the_unexplained(found, clues) if finding.certainty == "hint"]
    findings = (*strong, *(_finding(clue, client) for clue in clues), *hints)
    return session, findings, client


def _finding(clue: Clue, client: str) -> Finding:
    """Return a clue as a finding: the first of its rules is the likeliest, the others are what else it could be."""
    rule = rule_named(clue.rules[0])
    others = tuple(f"{name}: {rule_named(name).cause}" for name in clue.rules[1:])
    return Finding(
        rule=rule.name,
        certainty=clue.certainty,
        exchanges=(),
        what=clue.what,
        cause=clue.why or rule.cause,
        fix=rule.fix,
        who=rule.who,
        proof=f"the line says: {clue.line}",
        sources=rule.sources,
        otherwise=others,
        experiment=capture(client or clue.client),
    )
