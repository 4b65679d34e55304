"""What is recorded of a session, and how it stands when it is opened again."""

from __future__ import annotations

import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.errors import FormatError
from explorer.flows.push_blob import Shape
from explorer.flows.push_image import call_of
from explorer.formats.session import read_session
from explorer.model import Session
from explorer.stepping import Diverged
from tests.scripted import as_a_registry
from tests.workbenches import CLOSED, PUSH, Answers, Bench, Make, refusing, reopened


@pytest.mark.parametrize("count", range(5))
def test_a_reopened_recording_stands_where_it_was_left(make: Make, count: int) -> None:
    bench = make()
    state = bench.after_runs(count)
    bench.it.record()
    again = reopened(make, bench).it.state
    assert (again.path, again.outcome, again.exchanges) == (state.path, state.outcome, state.exchanges)


def replayed_and_refused(bench: Bench) -> None:
    bench.after_runs(3)
    bench.it.replay(1)


def forked(bench: Bench) -> None:
    bench.after_runs(3)
    bench.it.replay(1)
    bench.it.replay(2)
    bench.it.send()


def failed(bench: Bench) -> None:
    bench.after_runs(4)


@pytest.mark.parametrize(
    ("story", "answers"),
    [
        (replayed_and_refused, refusing(4)),
        (replayed_and_refused, refusing(4, instead=CLOSED)),
        (replayed_and_refused, as_a_registry),
        (forked, as_a_registry),
        (forked, refusing(5)),
        (failed, refusing(3)),
        (failed, refusing(4)),
        (failed, refusing(4, instead=CLOSED)),
        (failed, refusing(1, 2, 3, 4, instead=CLOSED)),
    ],
)
def test_a_winding_recording_stands_where_it_was_left(
    make: Make, story: Callable[[Bench], None], answers: Answers
) -> None:
    bench = make(answers)
    story(bench)
    state = bench.it.state
    again = reopened(make, bench).it.state
    assert (again.path, again.outcome) == (state.path, state.outcome)


def test_a_reopened_recording_goes_on_in_a_new_file_and_leaves_the_old(make: Make) -> None:
    bench = make()
    bench.after_runs(2)
    before = bench.path.read_bytes()
    again = reopened(make, bench)
    assert again.it.state.recording == ""
    again.after_runs(2)
    assert (bench.path.read_bytes(), len(read_session(again.path).session.exchanges)) == (before, 4)


def test_looking_at_a_recording_writes_and_sends_nothing(make: Make) -> None:
    bench = make()
    bench.after_runs(2)
    again = reopened(make, bench)
    again.it.stand_after(1)
    again.it.close()
    assert (again.wire.requests, again.path.exists(), again.it.has_recorded) == ([], False, False)


def test_a_recording_of_another_flow_has_diverged(make: Make) -> None:
    bench = make()
    bench.after_runs(3)
    other = make(session=bench.it.session, push=replace(PUSH, shape=Shape.POST))
    assert isinstance(other.it.state.outcome, Diverged)
    assert other.it.state.status == 1


def test_a_long_recording_of_another_flow_opens_in_time(make: Make) -> None:
    one = make().after_runs(1).exchanges[0]
    many = tuple(replace(one, id=id, after=id - 1, title="other") for id in range(1, 5001))
    started = time.monotonic()
    state = make(session=Session("", 0.0, call_of(PUSH), many)).it.state
    assert (len(state.path), time.monotonic() - started < 5) == (5000, True)


def test_a_recording_is_private_and_made_at_the_first_send(make: Make) -> None:
    bench = make()
    assert (bench.path.exists(), bench.it.state.recording) == (False, "")
    bench.it.send()
    assert stat.S_IMODE(bench.path.stat().st_mode) == 0o600
    assert bench.it.state.recording == str(bench.path)


FULL = """
import resource, sys
from pathlib import Path
from explorer.errors import FormatError
from explorer.formats.session import SessionWriter
from tests.formats.test_session import SESSION, taken
writer = SessionWriter(Path(sys.argv[1]), SESSION)
first, second = taken(2)
writer.append(first)
size = Path(sys.argv[1]).stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, resource.RLIM_INFINITY))
try:
    writer.append(second)
except FormatError as full:
    print(full.sentence)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
writer.append(second)
"""
ROOT = Path(__file__).parents[1]


def test_a_full_disk_leaves_a_file_that_opens(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    ran = subprocess.run(
        [sys.executable, "-c", FULL, str(path)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
    )
    assert "the recording cannot be continued: File too large." in ran.stdout
    assert [one.id for one in read_session(path).session.exchanges] == [1, 2]


def test_an_exchange_that_cannot_be_recorded_is_seen_all_the_same(make: Make) -> None:
    bench = make()
    bench.it.record()
    bench.it.close()
    with pytest.raises(FormatError, match="is closed"):
        bench.it.send()
    assert len(bench.it.state.exchanges) == 1
