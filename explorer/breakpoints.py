"""Where a run is to stop: after an exchange that a filter picks, at the first surprise, or before a step.

surprise          the answer was not what the specification wants first, or none came
before WORDS      the next step has these words in its title
anything else     a filter (see `filters`), for the exchange that has just happened
"""

from __future__ import annotations

from collections.abc import Callable

from explorer.errors import InputError
from explorer.filters import parse_filter
from explorer.model import Exchange
from explorer.state import State
from explorer.verdicts import verdict_on

Breakpoint = Callable[[State], bool]


def parse_breakpoint(text: str) -> Breakpoint:
    """Return what says of a state whether a run stops there; raises InputError where the text cannot be read."""
    word, _, rest = text.strip().partition(" ")
    if not word:
        raise InputError("A breakpoint is missing: write surprise, before WORDS, or a filter as in ~s 4xx.")
    if word == "surprise" and not rest:
        return _at_a_surprise
    if word == "before":
        return _before(rest.strip())
    picked = parse_filter(text)
    return lambda state: bool(state.exchanges) and picked(state.exchanges[-1])


def _before(words: str) -> Breakpoint:
    if not words:
        raise InputError("'before' needs words of the step's title, as in: before close.")
    folded = words.lower()
    return lambda state: state.pending is not None and folded in state.pending.title.lower()


def _at_a_surprise(state: State) -> bool:
    return bool(state.exchanges) and is_surprising(state.exchanges[-1])


def is_surprising(exchange: Exchange) -> bool:
    """Say whether an exchange went otherwise than the specification wants first: no answer, or a grade below it.

    The 404 of a HEAD and the 401 before a login are normal answers to a question, and none.
    """
    if exchange.error:
        return True
    if exchange.status == 401 or (exchange.status == 404 and exchange.request.method == "HEAD"):
        return False
    verdict = verdict_on(exchange)
    return verdict.grade != "as expected" if verdict else exchange.status >= 300
