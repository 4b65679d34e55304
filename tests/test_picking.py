"""A filter that need not parse an exchange picks the same as one that does."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.filters import parse_filter
from explorer.formats.exchange_values import exchange_to_json
from explorer.formats.importing import import_file
from explorer.formats.shelves import Gathering, LineShelf, encoded
from explorer.model import Exchange, Glimpse, History, Summary, glimpse_at, glimpse_of
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


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_the_texts_of_a_line_are_those_of_its_exchange(path: Path) -> None:
    history = shelved([*import_file(path).session.exchanges])
    found = [glimpse_at(history, index) for index in range(len(history))]
    assert [texts and without_empty_bodies(texts) for texts in found] == [
        without_empty_bodies(glimpse_of(one)) for one in history
    ]


@given(st.lists(exchanges(), min_size=1, max_size=3))
def test_the_texts_of_odd_lines_are_those_of_their_exchanges_or_none(several: list[Exchange]) -> None:
    history = shelved(several)
    for index, one in enumerate(history):
        texts = glimpse_at(history, index)
        assert texts is None or without_empty_bodies(texts) == without_empty_bodies(glimpse_of(one))


def without_empty_bodies(texts: Glimpse) -> Glimpse:
    return texts._replace(bodies=[body for body in texts.bodies if body])


@pytest.mark.parametrize("text", ["docker-upload-uuid", "!absent", "~h location | ~b errors", "~inferred", "~p x ~t y"])
def test_no_exchange_is_parsed_for_a_word(text: str) -> None:
    lines = [encoded(exchange_to_json(one)) for one in import_file(SESSIONS[0]).session.exchanges]
    shelf = Unparsed(BytesIO(b"".join(lines)))
    offset = 0
    for line in lines:
        shelf.look(line)
        shelf.keep(offset, len(line))
        offset += len(line)
    picked = parse_filter(text)
    history = History(shelf)
    assert len([picked.at(history, index) for index in range(len(history))]) == len(lines)


class Unparsed(LineShelf):
    """Gives no exchange away."""

    def load(self, index: int) -> Exchange:
        raise AssertionError(f"the exchange at {index} was parsed")
