"""What is done when a flow is through: a file that is written around what came."""

from __future__ import annotations

from collections.abc import Callable

from explorer.errors import Problem
from explorer.frozen import frozen
from explorer.stepping import Done, Outcome

WhenDone = Callable[[object], str]
"""Called with a flow's result; returns a sentence about what it did, or raises a Problem."""


@frozen
class Finish:
    """What was done when the flow was through, in a sentence, and the exit status that it means."""

    sentence: str
    status: int = 0


def finished(outcome: Outcome, when_done: WhenDone | None, before: Finish | None) -> Finish | None:
    """Do what is to be done where a flow is through; what was done once is not done again, what failed is."""
    if not isinstance(outcome, Done) or not when_done or (before and not before.status):
        return before
    try:
        return Finish(when_done(outcome.result))
    except Problem as bad:
        return Finish(bad.sentence, bad.status)
