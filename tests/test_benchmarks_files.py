"""What is done with a long session holds few of its exchanges, whatever their number."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from explorer.diagnoses import Diagnosis
from explorer.formats.importing import import_file
from explorer.formats.session_reading import PARSED_AT_ONCE
from explorer.jobs.diagnosing import diagnose_file
from explorer.model import Exchange, History
from tests.benchmarks.made_files import write_session

_REMEMBERED = 512  # so many of what was looked at last a long session keeps


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a session file that is large enough to be read as it is needed."""
    path = tmp_path_factory.mktemp("long") / "session.jsonl"
    write_session(path, PARSED_AT_ONCE + 1)
    return path


def held() -> int:
    """Return how many exchanges are in memory."""
    gc.collect()
    return sum(isinstance(one, Exchange) for one in gc.get_objects())


def test_a_diagnosis_holds_few_exchanges(long: Path) -> None:
    exchanges = import_file(long).session.exchanges
    assert isinstance(exchanges, History)
    before = held()
    diagnosis = Diagnosis()
    for exchange in exchanges:
        diagnosis.feed(exchange, exchanges)
    findings = diagnosis.findings(is_over=True, everything=True)
    assert held() - before < _REMEMBERED + 20
    assert any(len(finding.exchanges) > 100 for finding in findings)


def test_what_went_before_is_looked_up_where_it_lies(long: Path) -> None:
    exchanges = import_file(long).session.exchanges
    diagnosis = Diagnosis()
    diagnosis.follow(exchanges)
    past = diagnosis.history.exchanges
    assert [past[id] for id in (1, 700, len(exchanges))] == [exchanges[id - 1] for id in (1, 700, len(exchanges))]
    assert past.newest == len(exchanges)
    assert past.get(len(exchanges) + 1) is None


def test_exchanges_whose_ids_are_not_their_places_are_held(long: Path) -> None:
    some = import_file(long).session.exchanges[5:9]
    diagnosis = Diagnosis()
    diagnosis.follow(some)
    assert [diagnosis.history.exchanges.get(id) for id in (5, 6, 9, 10)] == [None, some[0], some[3], None]


def test_the_diagnosis_of_a_file_holds_what_was_looked_at_last(long: Path) -> None:
    before = held()
    found = diagnose_file(str(long))
    assert len(found.exchanges) > 1500
    assert held() - before < _REMEMBERED + 20
