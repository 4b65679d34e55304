"""Large files are summed up, and parsed where they are looked at; what is read is the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from explorer.formats import session_reading
from explorer.formats.session import SessionWriter, read_session
from explorer.formats.shelves import Gathering
from explorer.model import Exchange, History, summary_at, summary_of, with_more
from tests.formats.test_session import SESSION, taken


def written(path: Path, some: list[Exchange]) -> None:
    writer = SessionWriter(path, SESSION)
    for exchange in some:
        writer.append(exchange)
    writer.close()


def padded(count: int) -> list[Exchange]:
    return [replace(exchange, extra={"padding": "x" * 10_000}) for exchange in taken(count)]


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.jsonl"
    written(path, padded(session_reading.PARSED_AT_ONCE // 10_000))
    return path


def test_a_large_file_is_read_as_a_small_one(large: Path) -> None:
    exchanges = read_session(large).session.exchanges
    assert isinstance(exchanges, History)
    assert exchanges == tuple(padded(len(exchanges)))
    assert exchanges[-1] == padded(len(exchanges))[-1]


def test_summaries_are_those_of_the_exchanges(large: Path) -> None:
    exchanges = read_session(large).session.exchanges
    assert all(summary_at(exchanges, index) == summary_of(exchanges[index]) for index in range(len(exchanges)))


def test_a_broken_line_of_a_large_file_costs_itself_alone(large: Path) -> None:
    lines = large.read_bytes().split(b"\n")
    large.write_bytes(b"\n".join([*lines[:5], b"junk", *lines[6:]]))
    opened = read_session(large)
    assert "line 6" in opened.remark
    assert [number for number, exchange in enumerate(opened.session.exchanges) if exchange.error] == [4]


def test_a_large_file_that_is_cut_off_opens_up_to_there(large: Path) -> None:
    raw = large.read_bytes()
    large.write_bytes(raw[:-100])
    opened = read_session(large)
    assert "cut off" in opened.remark
    assert len(opened.session.exchanges) == raw.count(b"\n") - 2


def test_many_exchanges_are_gathered_in_their_order() -> None:
    gathering = Gathering(held=10)
    for exchange in taken(35):
        gathering.add(exchange)
    assert gathering.exchanges() == tuple(taken(35))


def test_one_more_leaves_the_shorter_ones_as_they_were() -> None:
    first, second, third = taken(3)
    one = with_more((first,), second)
    two, other = with_more(one, third), with_more(one, first)
    assert [len(exchanges) for exchanges in (one, two, other)] == [2, 3, 3]
    assert two == (first, second, third)
    assert other == (first, second, first)
