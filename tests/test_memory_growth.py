"""How memory grows with the exchanges of a session, counted in bytes that Python holds: the same on every machine."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from explorer.formats.exporters import Material
from explorer.formats.exporting import export
from explorer.formats.findings import findings_as_json, findings_to_json
from explorer.formats.importing import import_file
from explorer.formats.shelves import Gathering
from explorer.insight import Insight
from explorer.jobs.diagnosing import diagnose_file
from explorer.model import FlowCall, Session
from tests.benchmarks.made_files import write_session

FEW, MANY = 200, 500  # both are more than the exchanges that are remembered when they were read


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Session, Session]:
    """Return two sessions whose exchanges lie in a file: one of few, one of many."""
    file = tmp_path_factory.mktemp("made") / "session.jsonl"
    write_session(file, MANY * 2600)
    exchanges = import_file(file).session.exchanges
    made = []
    for count in (FEW, MANY):
        gathering = Gathering(held=1)
        for exchange in exchanges[:count]:
            gathering.add(exchange)
        made.append(Session("", 0.0, FlowCall(""), gathering.exchanges()))
    return made[0], made[1]


def growth(sessions: tuple[Session, Session], work: Callable[[Session], object]) -> float:
    """Return how many bytes more are held for each exchange that there is more, when the most is held."""
    most = []
    work(sessions[1])  # what is remembered of headers and texts is there before
    for session in sessions:
        gc.collect()
        tracemalloc.start()
        kept = work(session)
        most.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        del kept
    return (most[1] - most[0]) / (MANY - FEW)


def gone_through(pieces: Iterable[object]) -> None:
    for _ in pieces:
        pass


@pytest.mark.parametrize("kind", ["curl", "hurl", "http"])
def test_an_export_holds_little_of_an_exchange(kind: str, sessions: tuple[Session, Session]) -> None:
    assert growth(sessions, lambda session: gone_through(export(Material(session, session.exchanges), kind))) < 3000


def test_what_is_inferred_of_an_exchange_is_small(sessions: tuple[Session, Session]) -> None:
    def followed(session: Session) -> Insight:
        insight = Insight(session.call)
        insight.follow(session.exchanges)
        return insight

    assert growth(sessions, followed) < 2500


def test_exchanges_are_told_in_json_one_after_the_other(sessions: tuple[Session, Session]) -> None:
    parties = diagnose_file(str(Path(__file__).parents[1] / "sessions" / "pull.jsonl")).parties

    def told(session: Session) -> None:
        gone_through(findings_as_json(findings_to_json((), parties, ()), session.exchanges))

    assert growth(sessions, told) < 500


def test_json_in_pieces_is_the_json_of_the_whole() -> None:
    found = diagnose_file(str(Path(__file__).parents[1] / "sessions" / "second-question-mark.jsonl"), everything=True)
    for exchanges in (found.exchanges, ()):
        rest = (found.format, ("guessed",), found.dropped)
        whole = findings_to_json(found.findings, found.parties, exchanges, *rest)
        told = findings_to_json(found.findings, found.parties, (), *rest)
        assert "".join(findings_as_json(told, exchanges)) == json.dumps(whole, indent=2, ensure_ascii=True)
