"""A long session is redacted without being in memory, and comes out as a short one does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.formats.session import read_session
from explorer.formats.shelves import Gathering
from explorer.model import Exchange, History
from explorer.redact.naming import Choices
from explorer.redact.sessions import redact

SESSIONS = Path(__file__).parents[2] / "sessions"


def shelved(exchanges: Iterable[Exchange]) -> Sequence[Exchange]:
    gathering = Gathering(held=1, whole=True)
    for exchange in exchanges:
        gathering.add(exchange)
    found = gathering.exchanges()
    assert isinstance(found, History)
    return found


@pytest.mark.parametrize("name", ["second-question-mark", "who-are-you", "expired-token", "hostile"])
def test_it_makes_no_difference_where_the_exchanges_are_kept(name: str) -> None:
    session = read_session(SESSIONS / f"{name}.jsonl").session
    choices = Choices.of(("all",))
    at_once, kept = redact(session, choices), redact(session, choices, keep=shelved)
    assert tuple(kept.session.exchanges) == tuple(at_once.session.exchanges)
    assert (kept.masked, kept.suspects) == (at_once.masked, at_once.suspects)


def test_a_large_body_comes_back_as_it_was() -> None:
    exchange = read_session(SESSIONS / "pull.jsonl").session.exchanges[0]
    assert exchange.response
    large = replace(exchange, response=replace(exchange.response, body=b"a" * 100_000))
    assert list(shelved([exchange, large, exchange, exchange])) == [exchange, large, exchange, exchange]


@pytest.mark.parametrize("name", ["second-question-mark", "expired-token", "hostile"])
def test_the_same_exchanges_again_are_masked_as_they_were(name: str) -> None:
    session = read_session(SESSIONS / f"{name}.jsonl").session
    base = tuple(session.exchanges)
    again = [replace(one, id=one.id + len(base), after=one.after + len(base)) for one in base]
    found = redact(replace(session, exchanges=(*base, *again))).session.exchanges
    masked = [replace(one, id=one.id - len(base), after=one.after - len(base)) for one in found[len(base) :]]
    assert masked == list(found[: len(base)])


def test_a_name_is_counted_each_time_that_its_secret_is_found() -> None:
    session = read_session(SESSIONS / "pull.jsonl").session
    one = session.exchanges[0]
    told = replace(one, title="it was sent with --password hunter2-hunter2")
    first, second = (redact(replace(session, exchanges=(told,) * times)).masked[0].count for times in (1, 2))
    assert second == 2 * first
