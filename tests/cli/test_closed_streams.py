"""Standard streams that are closed, as some daemons and `<&-` leave them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def run(tmp_path: Path, words: str) -> subprocess.CompletedProcess[str]:
    command = f"exec '{sys.executable}' -m explorer {words}"
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path)


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        ("diagnose - <&-", 4, "this is empty"),
        ("<&-", 2, "terminal"),
        ("push tiny --plain --session s <&-", 130, ""),
        ("faults >&-", 0, ""),
        ("diagnose missing >&- 2>&-", 4, ""),
    ],
)
def test_a_closed_stream_is_an_empty_one(tmp_path: Path, words: str, status: int, sentence: str) -> None:
    done = run(tmp_path, words)
    assert (done.returncode, "Traceback" in done.stderr) == (status, False)
    assert sentence in done.stderr


def test_a_recording_does_not_take_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("> GET /v2/ HTTP/1.1\n> Host: a.test\n>\n< HTTP/1.1 200 OK\n<\n")
    assert run(tmp_path, "redact log -o red.jsonl <&- >&-").returncode == 0
    assert run(tmp_path, "check red.jsonl").stdout.endswith("sound\n")
