"""Error lines that stand beside exchanges: a client's last words in a terminal, a proxy's error log.

Only what a client or a proxy printed on its own account counts. What belongs to an exchange (its heads, its bodies, its
records in a log) is told by the exchange, and no line is needed to say it again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from explorer.diagnoses.finding_rules import rule_named
from explorer.diagnoses.lines.clues import Clue, clues_in
from explorer.diagnoses.lines.inferring import inferred
from explorer.diagnoses.outcomes import is_refused
from explorer.model import Exchange, Finding

_LONGEST_BODY = 4096
_DATE = re.compile(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d ")
_LOGGED_ERROR = re.compile(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[(?:error|crit)\]")
_OF_AN_EXCHANGE = re.compile(
    r"^\s*(?:[<>*{}\"|\[\]]|HTTP/\d|==|=>|--|\$ |# )"  # curl -v, bodies, heads, dumps, commands
    r"|^\s*[A-Za-z0-9]+-[A-Za-z0-9-]+:\s"  # header lines
    r"|^\s*(?:accept|age|allow|authorization|connection|date|etag|expires|host|link|location|range|server|vary|via):\s"
    r"|HTTP/\d(?:\.\d)?\""  # records of an access log
    r"|\blevel=\"?(?!fatal)[a-z]+"  # records of a log that goes on after them
    r"|^curl(?::| )",  # part of the conversation that curl shows
    re.IGNORECASE,
)


def error_lines(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the lines that a client or a proxy printed on its own account."""
    return tuple(line for line in lines if _LOGGED_ERROR.match(line) or not _OF_AN_EXCHANGE.search(_undated(line)))


def _undated(line: str) -> str:
    return _DATE.sub("", line)


def exchanges_besides(lines: Sequence[str], exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """Return the exchanges that error lines speak of and that are not among the others; they follow the last one."""
    named = inferred(tuple(line for line in lines if not _LOGGED_ERROR.match(line)))
    if not named:
        return ()
    known = {_request_line(exchange) for exchange in exchanges}
    last = max(exchange.id for exchange in exchanges)
    missing = [exchange for exchange in named if _request_line(exchange) not in known]
    return tuple(
        replace(exchange, id=last + number, after=last + number - 1) for number, exchange in enumerate(missing, start=1)
    )


def answers_alone(exchanges: Iterable[Exchange]) -> tuple[str, ...]:
    """Return the answers that stand without a request, each as one line: its status and what its body says."""
    lines = []
    for exchange in exchanges:
        body = exchange.response.body if exchange.response else b""
        if is_refused(exchange) and "request.method" in exchange.unknown and isinstance(body, bytes):
            text = " ".join(body[:_LONGEST_BODY].decode("utf-8", "replace").split())
            lines.append(f"{exchange.status} {text}")
    return tuple(lines)


def _request_line(exchange: Exchange) -> tuple[str, str]:
    return exchange.request.method, exchange.request.target.partition("?")[0]


def clues_besides(lines: Sequence[str], findings: Sequence[Finding], *, went_well: bool) -> Iterator[Clue]:
    """Yield what error lines say that the findings about the exchanges do not.

    Beside a finding that accounts for the failure only a line counts that decides. `went_well` says that no exchange
    failed: what a log has of an error is a hint then, as it may have been made up for; what a client said last is not.
    """
    strong = [finding for finding in findings if finding.certainty != "hint"]
    told = {finding.rule for finding in strong} | {name for one in strong for name in rule_named(one.rule).covers}
    for clue in clues_in(lines):
        if told.isdisjoint(clue.rules) and (not strong or clue.certainty == "decides"):
            is_logged = bool(_LOGGED_ERROR.match(clue.line))
            yield replace(clue, certainty="hint") if is_logged and went_well else clue


def without_the_unexplained(findings: Iterable[Finding], clues: Collection[Clue]) -> list[Finding]:
    """Return the findings, without those that only say that nothing is known where a clue says something."""
    kept = list(findings)
    return [one for one in kept if one.rule not in UNEXPLAINED] if clues else kept


UNEXPLAINED = ("unexplained-refusal", "empty-answer")
"""The rules that speak where no other does."""
