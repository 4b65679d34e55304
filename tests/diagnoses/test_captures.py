"""What real clients and servers left behind is read for what it is: the two that failed, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.jobs.diagnosing import diagnose_file

SESSIONS = Path(__file__).parents[2] / "sessions"


@pytest.mark.parametrize("path", sorted(SESSIONS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_a_curated_session_can_be_diagnosed(path: Path) -> None:
    diagnosed = diagnose_file(str(path), everything=True)
    assert diagnosed.exchanges
    assert all(finding.what and finding.fix for finding in diagnosed.findings)


def test_the_curated_second_question_mark_is_named() -> None:
    diagnosed = diagnose_file(str(SESSIONS / "second-question-mark.jsonl"))
    assert [finding.rule for finding in diagnosed.findings] == ["second-question-mark"]
    assert "made up for it" in diagnosed.findings[0].proof
