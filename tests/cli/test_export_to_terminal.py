"""What is exported to a terminal does not command it; what goes into a file or a pipe is exact."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOSTILE = Path(__file__).parents[2] / "sessions" / "hostile.jsonl"


def exported(to_terminal: bool) -> bytes:
    """Return what `export --to raw` writes to standard output."""
    command = [sys.executable, "-m", "explorer", "export", str(HOSTILE), "--to", "raw"]
    if not to_terminal:
        return subprocess.run(command, capture_output=True, check=True, timeout=100).stdout
    ours, theirs = os.openpty()
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL) as running:
        os.close(theirs)
        pieces = []
        while piece := _read(ours):
            pieces.append(piece)
        os.close(ours)
        assert running.wait(100) == 0
    return b"".join(pieces)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux says so where the other side has closed
        return b""


@pytest.mark.parametrize("to_terminal", [True, False])
def test_only_a_terminal_gets_signs_for_what_it_would_obey(*, to_terminal: bool) -> None:
    written = exported(to_terminal)
    assert b"HTTP/1.1" in written
    assert (b"\x1b" in written) != to_terminal
    assert ("␛".encode() in written) == to_terminal
