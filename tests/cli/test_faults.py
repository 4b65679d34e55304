"""Faults on the command line: listed, explained, given to a push."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from explorer.faults import faults


def run(folder: Path, *arguments: str, status: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "explorer", *arguments], cwd=folder, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == status, done.stderr
    return done.stdout if status == 0 else done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sessions").mkdir()
    return tmp_path


def test_all_are_listed_with_what_a_user_sees(folder: Path) -> None:
    listed = run(folder, "faults")
    assert all(f"\n  {kind.usage}\n" in listed for kind in faults().values())
    assert "413 with nginx's HTML page" in listed


def test_one_is_explained(folder: Path) -> None:
    said = run(folder, "faults", "tag-immutable")
    assert "Reproduces:  tag-immutable" in said
    assert "ecr where none is given" in said


def test_a_name_that_is_none_is_a_sentence_with_near_ones(folder: Path) -> None:
    assert "Did you mean nginx-413?" in run(folder, "faults", "nginx413", status=2)
    assert "Did you mean nginx-413?" in run(folder, "practice", "--port", "0", "--fault", "nginx-431", status=2)


def test_a_push_without_a_target_meets_the_fault(folder: Path) -> None:
    said = run(folder, "push", "tiny", "--fault", "nginx-413=10", "--run", status=1)
    assert "413 Request Entity Too Large" in said
    assert "nginx" in said


def test_a_fault_is_not_for_another_registry(folder: Path) -> None:
    said = run(folder, "push", "tiny", "localhost:1/a", "--fault", "bad-gateway", "--run", status=2)
    assert "--fault is for the built-in registry" in said
