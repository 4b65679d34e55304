"""The recordings in sessions/ can be made anew, and tell the same story then."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.formats.session import read_session
from tests.stories import proxied, told
from tests.stories.telling import SESSIONS, STORIES, make

assert proxied
assert told


@pytest.mark.parametrize("name", STORIES)
def test_a_story_that_is_told_again_goes_the_same_way(name: str, tmp_path: Path) -> None:
    again = read_session(make(STORIES[name], tmp_path, tmp_path)).session
    kept = read_session(SESSIONS / f"{name}.jsonl").session
    told = [(one.request.method, one.status, one.is_edited) for one in again.exchanges]
    assert told == [(one.request.method, one.status, one.is_edited) for one in kept.exchanges]
    assert again.extra["story"] == kept.extra["story"]
