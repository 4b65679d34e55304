"""What of the recorder's and the practice registry's figures is the same on every machine: their memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.bench import MIB, Bench
from tests.benchmarks.goals import Unavailable
from tests.benchmarks.measuring import peak_of
from tests.benchmarks.peers import Peers
from tests.benchmarks.relays import all_relays
from tests.benchmarks.rows.relaying import memory_of_the_recorder
from tests.benchmarks.rows.storing import digest_of, push
from tests.benchmarks.servers import practice, sink

_SLACK = 1.15  # over the goal: what is loaded differs from one Python to the next


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """The small size: one round, no peers to install."""
    return Bench(full=False, rounds=1, folder=tmp_path, peers=Peers(None))


def test_the_recorder_stays_below_its_ceiling_also_with_four_uploads(bench: Bench) -> None:
    *peaks, growth = [result.value for result in memory_of_the_recorder(bench) if result.value is not None]
    assert len(peaks) == 4
    assert max(peaks) < 32 * _SLACK, peaks
    assert growth < 2 * _SLACK


def test_the_practice_registry_takes_a_large_blob_in_the_memory_of_a_small_one(bench: Bench) -> None:
    peaks = []
    for size in (MIB, 32 * MIB):
        file = bench.random_file(size)
        with practice(bench) as server:
            push(server.port, file, digest_of(file))
            peaks.append(peak_of(server.pid))
    assert peaks[1] - peaks[0] < 3, peaks


def test_a_relay_that_is_not_there_is_told_apart(bench: Bench) -> None:
    with sink() as server, all_relays(bench, server) as relays:
        assert {"direct", "own"} <= {*relays.running}
        assert isinstance(relays.lacking["mitmdump"], Unavailable)
