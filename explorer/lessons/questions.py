"""Questions that many lessons ask: for the status, for a header of the answer, for the Location that it leads to."""

from __future__ import annotations

import re
from collections.abc import Callable

from explorer.lessons.declared import NO_ANSWER, Question
from explorer.model import Exchange
from explorer.spec.errors import parse_errors

NONE = "none: it is not there"

SAME = "exactly the address that was used just now"
NEWER = "the same upload, but with another _state"
OTHER = "another address altogether"


def status(*choices: int, words: str = "Which status will come back?") -> Question:
    """Return the question for the status."""
    return Question(words, status_of, tuple(map(str, choices)))


def status_of(exchange: Exchange) -> str:
    """Return the status that came."""
    return str(exchange.status) if exchange.response else NO_ANSWER


def header(name: str, *choices: str, words: str = "") -> Question:
    """Return the question for the value of a header."""
    return Question(words or f"What will {name} say?", lambda exchange: header_of(exchange, name), choices)


def named_header(name: str, meanings: dict[str, str]) -> Question:
    """Return the question for a header whose values are offered by what they mean: `meanings` maps value to words."""

    def truth(exchange: Exchange) -> str:
        value = header_of(exchange, name)
        return meanings.get(value, value)

    return Question(f"What will {name} say?", truth, tuple(meanings.values()))


def header_of(exchange: Exchange, name: str) -> str:
    """Return the value of a header that came."""
    value = exchange.response.headers.get(name) if exchange.response else None
    return NONE if value is None else value


def code(*choices: str) -> Question:
    """Return the question for the error code in the body."""
    return Question("Which error code will the body name?", code_of, choices)


def code_of(exchange: Exchange) -> str:
    """Return the first error code that came."""
    found = (
        parse_errors(exchange.response.body) if exchange.response and isinstance(exchange.response.body, bytes) else ()
    )
    return found[0].code if found else NONE


def next_location() -> Question:
    """Return the question for what the next Location is, compared with the address that the request goes to."""
    return Question("Where will the Location lead?", location_kind, (SAME, NEWER, OTHER, NONE))


def location_kind(exchange: Exchange) -> str:
    """Return how the Location that came is to the address that was used."""
    location = header_of(exchange, "Location")
    if location == NONE:
        return NONE
    target = re.sub(r"^https?://[^/]*", "", location)
    if target == exchange.request.target:
        return SAME
    here, there = exchange.request.target.partition("?")[0], target.partition("?")[0]
    return NEWER if here == there else OTHER


def choice(words: str, truth: Callable[[Exchange], str], *choices: str) -> Question:
    """Return a question of its own kind."""
    return Question(words, truth, choices)
