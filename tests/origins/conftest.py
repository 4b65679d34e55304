"""What the tests of origins share."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.jobs import PushJob, open_push
from explorer.model import Session


@pytest.fixture
def pushed_session(tmp_path: Path) -> Session:
    """Return the session of a whole push of the sample into the built-in registry."""
    bench = open_push(PushJob(recording=str(tmp_path / "push.jsonl")))
    try:
        for _ in bench.run():
            pass
        return bench.session
    finally:
        bench.close()
