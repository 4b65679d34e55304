"""The recordings in sessions/: each opens, and the flow agrees with it step by step."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.jobs import open_recording
from explorer.stepping import Diverged

SESSIONS = sorted((Path(__file__).parent.parent / "sessions").glob("*.jsonl"))


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_a_curated_session_opens_and_does_not_diverge(path: Path) -> None:
    opened = open_recording(str(path))
    assert opened.remark == ""
    assert opened.workbench.state.exchanges
    assert not isinstance(opened.workbench.state.outcome, Diverged)
    opened.workbench.close()


def test_the_story_that_the_project_began_with_is_told() -> None:
    path = next(path for path in SESSIONS if path.stem == "second-question-mark")
    opened = open_recording(str(path))
    refused, mended = (exchange for exchange in opened.workbench.state.exchanges if exchange.after == 2)
    assert (refused.status, mended.status) == (404, 201)
    assert refused.request.target == mended.request.target.replace("&digest=", "?digest=")
    opened.workbench.close()
