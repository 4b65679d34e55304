"""A large session is shown while its file is read, and is then as if it had been read at once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.errors import FormatError
from explorer.formats.importing import Growing, Imported, begin_import
from explorer.growing import GrowingWorkbench
from explorer.jobs import OpenedRecording, open_recording
from explorer.state import State
from explorer.stepping import Done

STORY = Path(__file__).parents[1] / "sessions" / "first-push.jsonl"
PADDING = "x" * 700_000


def large(folder: Path, *, flow: bool, count: int = 8, end: str = "") -> Path:
    """Return a session that is too large to be parsed at once: exchanges of a push, each with much around it."""
    head, *lines = STORY.read_text().splitlines()
    if not flow:
        head = json.dumps({**json.loads(head), "flow": {"name": "", "arguments": {}}})
    entries = [{**json.loads(line), "padding": PADDING} for line in lines[:count]]
    path = folder / "large.jsonl"
    path.write_text("\n".join([head, *map(json.dumps, entries)]) + "\n" + end)
    return path


def growing(opened: OpenedRecording) -> GrowingWorkbench:
    assert isinstance(opened.workbench, GrowingWorkbench)
    return opened.workbench


def known(state: State) -> State:
    """Return what of a state does not depend on how it came about."""
    return replace(state, version=0)


@pytest.mark.parametrize("flow", [True, False], ids=["a-flow", "no-flow"])
def test_what_was_read_on_is_as_if_it_was_read_at_once(tmp_path: Path, flow: bool) -> None:
    path = large(tmp_path, flow=flow)
    at_once = open_recording(str(path)).workbench
    grown = growing(open_recording(str(path), may_grow=True))
    for _ in grown.read_on():
        pass
    assert not grown.is_reading
    assert known(grown.state) == known(at_once.state)


def test_the_list_grows_from_state_to_state(tmp_path: Path) -> None:
    grown = growing(open_recording(str(large(tmp_path, flow=True)), may_grow=True))
    counts = [len(grown.state.exchanges), *(len(state.exchanges) for state in grown.read_on())]
    assert counts[0] == 1
    assert counts == sorted(counts)
    assert counts[-1] == 8
    assert len(set(counts)) > 3


def test_no_flow_is_followed_before_the_end(tmp_path: Path) -> None:
    grown = growing(open_recording(str(large(tmp_path, flow=True)), may_grow=True))
    assert grown.is_reading
    assert isinstance(grown.state.outcome, Done)
    assert grown.state.listening.startswith("reading the file")
    grown.close()


def test_reading_that_is_stopped_leaves_what_was_read(tmp_path: Path) -> None:
    grown = growing(open_recording(str(large(tmp_path, flow=True)), may_grow=True))
    states = grown.read_on()
    next(states)
    grown.stop()
    *_, last = states
    assert 1 < len(last.exchanges) < 8
    assert grown.remark.startswith("Stopped: the first")
    grown.close()


def test_a_torn_last_line_is_said_at_the_end(tmp_path: Path) -> None:
    grown = growing(open_recording(str(large(tmp_path, flow=False, end='{"id": 9, "af')), may_grow=True))
    for _ in grown.read_on():
        pass
    assert grown.remark.endswith("is cut off; the 8 exchanges before it are shown.")


def test_a_file_of_which_nothing_can_be_read_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text(STORY.read_text().splitlines()[0] + "\n" + "nonsense\n" * 600_000)
    with pytest.raises(FormatError, match="no exchange can be read in line 2"):
        begin_import(path)


def test_a_small_file_is_read_at_once() -> None:
    assert isinstance(begin_import(STORY), Imported)


def test_a_large_file_begins_to_be_read(tmp_path: Path) -> None:
    begun = begin_import(large(tmp_path, flow=True))
    assert isinstance(begun, Growing)
    begun.close()
