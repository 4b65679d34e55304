"""How the work grows, counted in calls of functions, which is the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType

import pytest

from explorer.formats.importing import import_file, readers
from explorer.insight import Insight
from explorer.model import Exchange, Finding
from tests.benchmarks.made_files import LOGS, write_flows, write_har, write_log, write_session

SESSIONS = Path(__file__).parents[1] / "sessions"


def calls_of(work: Callable[[], object]) -> int:
    """Return how many functions were called, in Python and in C."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        del frame, argument
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def writer_of_log(kind: str) -> Callable[[Path, int], object]:
    return lambda path, size: write_log(path, kind, size)


WRITERS: dict[str, Callable[[Path, int], object]] = {
    "session": write_session,
    "har": write_har,
    "mitmproxy": write_flows,
    **{kind: writer_of_log(kind) for kind in (*LOGS, "nginx", "curl")},
}


@pytest.mark.parametrize("kind", WRITERS)
def test_what_an_import_costs_is_in_proportion_to_the_file(kind: str, tmp_path: Path) -> None:
    readers()
    costs = []
    for times in (1, 4):
        file = tmp_path / f"{times}"
        WRITERS[kind](file, times * 250_000)
        size = file.stat().st_size
        costs.append(calls_of(partial(import_file, file)) / size)
    assert costs[1] < 1.3 * costs[0]


@pytest.mark.parametrize("name", ["expired-token", "hostile", "second-question-mark"])
def test_findings_after_one_more_exchange_cost_the_same_however_many_there_were(name: str) -> None:
    session = import_file(SESSIONS / f"{name}.jsonl").session
    base = [*session.exchanges]

    def numbered(id: int) -> Exchange:
        return replace(base[(id - 1) % len(base)], id=id, after=id - 1)

    insight = Insight(session.call)

    def follow(count: int) -> None:
        insight.follow([numbered(id) for id in range(1, count + 1)])

    def one_more(exchanges: list[Exchange]) -> tuple[Finding, ...]:
        insight.follow(exchanges)
        return insight.findings

    costs = []
    for count in (5 * len(base), 20 * len(base)):
        follow(count)
        assert isinstance(insight.findings, tuple)
        costs.append(calls_of(partial(one_more, [numbered(id) for id in range(1, count + 2)])))
    assert costs[1] < 1.3 * costs[0] + 20
