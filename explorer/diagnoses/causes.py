"""From what the rules found to findings: one for each cause, causes before consequences, the strongest first.

Order: what explains a failure, before what is only suspicious; what decides, before what is likely, before a hint;
among equals the earlier exchange, and within one exchange what the registry would have come upon first.

Restraint: what a later exchange made up for was normal, unless somebody had to mend the request for it. What was
seen in an exchange that went well is a hint as soon as the conversation went on well, unless it leaves something wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from explorer.diagnoses.declared import Found, Rule
from explorer.diagnoses.history import History
from explorer.frozen import frozen
from explorer.model import CERTAINTIES, Edit, Exchange, Finding

_BY_HAND = ("curl", "wget", "PowerShell", "")
_OF_CONNECTIONS = ("transport", "certificates", "locations", "realms", "storage", "lengths", "proxy_limits", "access")
"""The families of rules that can say why there is no answer at all."""


@dataclass(slots=True)
class Cause:
    """One cause: the rule, what it found first, what it found last, and every exchange that shows it."""

    rule: Rule
    first: Found
    last: Found
    last_id: int
    exchanges: list[int] = field(default_factory=list)
    _failed: list[int] = field(default_factory=list)  # those of the exchanges that have failed, as far as looked at
    _looked: int = 0  # at so many of the exchanges
    _is_begun: bool = True  # whether all that failed were the first legs of logins

    @property
    def certainty(self) -> str:
        """How certain it is: the strongest of what was found."""
        return self.first.certainty or self.rule.certainty

    def failed(self, history: History) -> list[int]:
        """Return those of the exchanges that have failed; each is looked at once, however often this is asked."""
        for place in range(self._looked, len(self.exchanges)):
            id = self.exchanges[place]
            if id in history.failing:
                self._failed.append(id)
                self._is_begun = self._is_begun and history.failing[id]
        self._looked = len(self.exchanges)
        return self._failed

    @property
    def is_begun(self) -> bool:
        """Whether everything that has failed, as last asked for, was the first leg of a login."""
        return self._is_begun


Pieces = Iterable[tuple[Rule, Found]]


def grouped(causes: dict[tuple[str, str], Cause], pieces: Pieces, exchange: Exchange) -> None:
    """Add what was found in an exchange to the causes."""
    for rule, found in pieces:
        cause = causes.setdefault((rule.name, found.key), Cause(rule, found, found, exchange.id))
        cause.last, cause.last_id = found, exchange.id
        for id in (exchange.id, *found.also):
            if id not in cause.exchanges[-64:]:
                cause.exchanges.append(id)


def put_in_order(causes: Iterable[Cause], history: History, *, is_over: bool, everything: bool) -> tuple[Finding, ...]:
    """Return the causes as findings, in order; `everything` with those that are only remarks."""
    weighed = [(cause, _weight(cause, history, is_over)) for cause in causes]
    told = [(cause, weight) for cause, weight in weighed if weight is not None]
    strong = [cause for cause, weight in told if weight.certainty != "hint"]
    kept: list[tuple[tuple[int, int, int, tuple[int, int]], Finding]] = []
    for cause, weight in told:
        if not everything and (_is_covered(cause, strong) or (weight.certainty == "hint" and not weight.explains)):
            continue
        if weight.certainty == "hint" and not everything and _is_beside_the_point(cause, told):
            continue
        rank = (
            0 if weight.explains and weight.certainty != "hint" else 1,
            CERTAINTIES.index(weight.certainty) if weight.explains or weight.certainty == "hint" else 0,
            min(cause.exchanges),
            cause.rule.stage,
        )
        kept.append((rank, _finding(cause, weight)))
    return tuple(finding for _, finding in sorted(kept, key=lambda pair: pair[0]))


@frozen
class Weight:
    """How much a cause counts: its certainty in the light of what followed, whether it explains a failure."""

    certainty: str
    explains: bool
    mended_by: int = 0


def _weight(cause: Cause, history: History, is_over: bool) -> Weight | None:
    """Return how much a cause counts; None where it is no finding at all."""
    failed = cause.failed(history)
    if not failed:
        return _weight_of_a_suspicion(cause, history)
    open_ones = [id for id in failed if id not in history.recovered]
    if cause.is_begun:
        is_last = is_over and open_ones and open_ones[-1] == history.exchanges.newest
        return Weight(cause.certainty if is_last else "hint", bool(is_last))
    if open_ones:
        return Weight(cause.certainty, _explains(cause, history, open_ones))
    mended_by = history.recovered[failed[-1]]
    if _was_mended_by_hand(history, failed[-1], mended_by):
        return Weight(cause.certainty, _explains(cause, history, failed), mended_by)
    return Weight("hint", False, mended_by)


def _explains(cause: Cause, history: History, failed: list[int]) -> bool:
    """Say whether a cause accounts for the failures: what nobody answered was not refused for its content."""
    if cause.first.key.startswith("next:"):
        return False
    return not history.unanswered.issuperset(failed) or cause.rule.family in _OF_CONNECTIONS


def _was_mended_by_hand(history: History, failed: int, mended_by: int) -> bool:
    one, other = history.exchanges[failed], history.exchanges[mended_by]
    if not one.request.method:
        return False
    if one.is_edited or other.is_edited:
        return True
    agent = (one.request.headers.get("User-Agent") or "").partition("/")[0]
    return agent in _BY_HAND and one.request.target != other.request.target and not one.spec


def _weight_of_a_suspicion(cause: Cause, history: History) -> Weight:
    """Weigh what was seen in exchanges that went well: it counts until the conversation has gone on well."""
    last = max(cause.exchanges)
    failed_later = history.last_failure >= last and history.last_failure not in history.recovered
    went_on = history.last_success > last and not cause.rule.lasting
    if failed_later or not went_on:
        return Weight(cause.certainty, failed_later and cause.certainty != "hint")
    return Weight("hint", False)


def _is_covered(cause: Cause, strong: list[Cause]) -> bool:
    """Say whether a stronger cause tells it already.

    The other declares so, and was seen in the same exchange or before; or this follows from an exchange that failed
    because of the other.
    """
    roots = set(cause.last.consequence_of)
    return any(
        (cause.rule.name in other.rule.covers and min(other.exchanges) <= max(cause.exchanges))
        or not roots.isdisjoint(other.exchanges)
        for other in strong
        if other is not cause
    )


def _is_beside_the_point(cause: Cause, told: list[tuple[Cause, Weight]]) -> bool:
    """Say whether a hint stands beside something stronger about the same exchange."""
    return any(
        weight.certainty != "hint" and weight.explains and not set(cause.exchanges).isdisjoint(other.exchanges)
        for other, weight in told
    )


def _finding(cause: Cause, weight: Weight) -> Finding:
    rule, first, last = cause.rule, cause.first, cause.last
    edit = Edit(cause.last_id, last.edit, last.edit_words) if last.edit else None
    return Finding(
        rule=rule.name,
        certainty=weight.certainty,
        exchanges=tuple(sorted(set(cause.exchanges))),
        what=first.what,
        cause=first.cause or rule.cause,
        fix=first.fix or rule.fix,
        who=first.who or rule.who,
        proof=_proof(first.proof, weight.mended_by),
        places=first.places,
        edit=edit,
        sources=rule.sources,
        otherwise=first.otherwise,
        experiment=first.experiment,
    )


def _proof(proof: str, mended_by: int) -> str:
    if not mended_by:
        return proof.strip()
    mended = f"exchange {mended_by} made up for it"
    return f"{proof.strip().removesuffix('.')}; {mended}" if proof.strip() else mended
