"""The rules applied: exchange after exchange, grouped by cause, ordered, restrained.

Feeding an exchange asks the rules about it alone and costs the same however many came before; the findings are put
together from what was found, so from as many pieces as there are causes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from explorer.diagnoses.causes import Cause, grouped, put_in_order
from explorer.diagnoses.declared import Rule
from explorer.diagnoses.finding_rules import rules
from explorer.diagnoses.history import History
from explorer.diagnoses.outcomes import is_first_leg
from explorer.diagnoses.seen import Seen
from explorer.model import Exchange, Finding, Request, Session, Timings


class Diagnosis:
    """A diagnosis under way. `feed` takes the exchanges in their order; `findings` says what is wrong so far.

    `count` is the number of exchanges taken in. `may_read` allows reading the files that bodies are slices of, to hash
    them: for sessions that were made here. `notes` are further lines of the evidence, such as the prompts around a
    pasted command.
    """

    def __init__(self, *, may_read: bool = False, notes: tuple[str, ...] = ()) -> None:
        self.may_read = may_read
        self._notes = notes
        self._history = History()
        self._causes: dict[tuple[str, str], Cause] = {}
        self.count = 0

    @property
    def history(self) -> History:
        """What the exchanges have told so far."""
        return self._history

    def follow(self, exchanges: Sequence[Exchange]) -> None:
        """Feed what has been added to a growing row of exchanges since the last call."""
        for place in range(self.count, len(exchanges)):
            self.feed(exchanges[place], exchanges)

    def feed(self, exchange: Exchange, among: Sequence[Exchange] = ()) -> None:
        """Take in the next exchange; `among` are those of its session, from which it can be had again."""
        self.count += 1
        seen = Seen(exchange, self._history, may_read=self.may_read, notes=self._notes)
        self._history.meet(exchange)
        asked = _asked(has_failed=seen.is_refused or is_first_leg(exchange), is_answered=seen.response is not None)
        pieces = [(rule, found) for rule in asked for found in rule.look(seen)]
        self._history.add(exchange, among if exchange.id == self.count else ())
        grouped(self._causes, pieces, exchange)

    def findings(self, *, is_over: bool = False, everything: bool = False) -> tuple[Finding, ...]:
        """Return what is wrong, the strongest cause first.

        `is_over` says that nothing will follow, so that a challenge at the very end is no first leg. `everything`
        adds what is told only as a remark: consequences of other findings, and hints about what went well.
        """
        return put_in_order(self._causes.values(), self._history, is_over=is_over, everything=everything)


@cache
def _asked(*, has_failed: bool, is_answered: bool) -> tuple[Rule, ...]:
    """Return the rules that are asked about an exchange, in their order."""
    return tuple(
        rule
        for rule in rules().values()
        if rule.when == "always" or has_failed or (rule.when == "answered" if is_answered else rule.before)
    )


def diagnose(
    session: Session, *, everything: bool = False, may_read: bool = False, notes: tuple[str, ...] = ()
) -> tuple[Finding, ...]:
    """Return what is wrong with a session, the strongest cause first."""
    diagnosis = Diagnosis(may_read=may_read, notes=notes)
    diagnosis.follow(session.exchanges)
    return diagnosis.findings(is_over=True, everything=everything)


def before_sending(
    request: Request, exchanges: Sequence[Exchange] | Diagnosis = (), *, may_read: bool = False, at: float = 0.0
) -> tuple[Finding, ...]:
    """Return what would fail if this was sent next; the exchange that the findings name is the one it would become.

    `at` is when that would be, in seconds since 1970; without it, it is as late as the last answer.
    """
    if isinstance(exchanges, Diagnosis):
        history = exchanges.history
    else:
        history = History()
        for exchange in exchanges:
            history.meet(exchange)
            history.add(exchange)
    draft = Exchange(history.exchanges.newest + 1, 0, "", request, request, timings=Timings(at))
    seen = Seen(draft, history, may_read=may_read, is_draft=True)
    causes: dict[tuple[str, str], Cause] = {}
    asked = (rule for rule in rules().values() if rule.before)
    grouped(causes, [(rule, found) for rule in asked for found in rule.look(seen)], draft)
    ahead = History()
    ahead.last_failure = draft.id
    ahead.note(draft)
    return put_in_order(causes.values(), ahead, is_over=True, everything=False)
