"""A filter that need not parse an exchange picks the same as one that does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.filters import parse_filter
from explorer.formats.importing import import_file
from explorer.formats.shelves import Gathering
from explorer.model import Exchange, History, Summary
from tests.strategies import exchanges

SESSIONS = sorted((Path(__file__).parents[1] / "sessions").glob("*.jsonl"))
FILTERS = (
    *("~m PATCH", "~s 4xx", "~s 0", "~p uploads", "~h location", '~h "location: /v2"', "~b errors", "~t layer"),
    *("~e", "~x", "!~x", "~edited", "UPLOAD", '"a b"', "~m PUT ~s 201", "~m PUT | ~s 404", "!(~m PUT | layer)"),
)


def shelved(several: list[Exchange]) -> History:
    """Return exchanges that lie in a file."""
    gathering = Gathering(held=1)
    for one in several:
        gathering.add(one)
    history = gathering.exchanges()
    assert isinstance(history, History)
    return history


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
@pytest.mark.parametrize("text", FILTERS)
def test_a_line_is_picked_as_its_exchange_is(path: Path, text: str) -> None:
    history = shelved([*import_file(path).session.exchanges])
    picked = parse_filter(text)
    assert [picked.at(history, index) for index in range(len(history))] == [picked(one) for one in history]


@given(st.lists(exchanges(), min_size=1, max_size=3), st.sampled_from('akKs0/%é\\" .:'), st.sampled_from("mpthb"))
def test_odd_texts_are_picked_alike(several: list[Exchange], sign: str, operator: str) -> None:
    history = shelved(several)
    picked = parse_filter(f'~{operator} "{sign}"') if sign not in '"\\' else parse_filter(f"~{operator} k")
    assert [picked.at(history, index) for index in range(len(history))] == [picked(one) for one in history]


def test_a_status_is_told_without_parsing() -> None:
    refused = Summary(0, "Send", "PATCH", 404)
    assert parse_filter("~s 4xx ~m PATCH").of_summary(refused) is True
    assert parse_filter("~s 2xx layer").of_summary(refused) is False
    assert parse_filter("~s 4xx layer").of_summary(refused) is None


def test_a_line_without_the_word_is_passed_over() -> None:
    picked = parse_filter("~h docker-upload-uuid")
    assert not picked.of_line(b'{"headers":[["location","/v2/"]]}')
    assert picked.of_line(b'{"headers":[["docker-upload-uuid","1"]]}')
    assert picked.of_line(b'{"headers":[["\\u0064ocker-upload-uuid","1"]]}')


def test_a_body_that_is_in_base64_is_looked_at() -> None:
    assert parse_filter("~b errors").of_line(b'{"body":{"base64":"ZXJyb3Jz"}}')
