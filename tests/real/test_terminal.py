"""The story in a real terminal: start, step, break a request, be refused, see why, mend, replay, compare, save."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.formats.importing import import_file

pytestmark = pytest.mark.skipif(not shutil.which("tmux"), reason="needs tmux")

PATIENCE = 15.0
"""Seconds that something may take to appear on the terminal; only a failure takes so long."""


class Terminal:
    """A program in a terminal of its own: keys go in, and what stands there is read."""

    def __init__(self, folder: Path, width: int, height: int) -> None:
        self._name = f"registry-explorer-{uuid.uuid4().hex[:12]}"
        environment = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": str(folder)}
        size = ("-x", str(width), "-y", str(height))
        program = (sys.executable, "-m", "explorer")
        self._tmux("-f", os.devnull, "new-session", "-d", *size, "-c", str(folder), "--", *program, env=environment)

    def _tmux(self, *words: str, env: dict[str, str] | None = None) -> str:
        command = ("tmux", "-u", "-L", self._name, *words)
        return subprocess.run(command, capture_output=True, text=True, check=False, env=env, timeout=60).stdout

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        self._tmux("send-keys", *keys)

    def until(self, words: str) -> None:
        """Wait until words stand on the terminal."""
        end = time.monotonic() + PATIENCE
        while words not in (text := self._tmux("capture-pane", "-p")):
            assert time.monotonic() < end, f"{words!r} does not come; there is:\n{text}"
            time.sleep(0.05)

    def is_over(self) -> bool:
        """Say whether the program has ended."""
        return not self._tmux("list-sessions")

    def close(self) -> None:
        """End the terminal, and the program with it."""
        self._tmux("kill-server")


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """Return the program in a terminal of 120x40, in a folder of its own."""
    (tmp_path / "sessions").mkdir()
    terminal = Terminal(tmp_path, 120, 40)
    yield terminal
    terminal.close()


def test_the_whole_story_in_a_terminal(terminal: Terminal, tmp_path: Path) -> None:
    terminal.until("Step the sample image")
    terminal.press("Enter")
    terminal.until("0 exchanged")
    terminal.press("Enter")
    terminal.until("1 exchanged")
    terminal.press("Enter")
    terminal.until("2 exchanged")
    break_the_put(terminal, tmp_path / "sessions" / "local")
    terminal.until("3 exchanged")
    terminal.until("BLOB_UPLOAD_INVALID")
    terminal.press("!")
    terminal.until("second-question-mark")
    terminal.press("m")
    terminal.until("What the mend changes")
    terminal.press("Enter")
    terminal.until("The mend helped")
    terminal.press("!")
    terminal.until("Request 3")
    terminal.press("r")
    terminal.until("5 exchanged")
    for key, shown in (("Home", "Request 1"), ("Down", "Request 2"), ("Down", "Request 3"), ("v", "is marked")):
        terminal.press(key)
        terminal.until(shown)
    terminal.press("Down")
    terminal.until("Request 4")
    terminal.press("v")
    terminal.until("They differ in")
    terminal.press("Escape")
    terminal.until("5 exchanged")
    terminal.press("Y")
    terminal.until("Wrote")
    terminal.press("q")
    end = time.monotonic() + PATIENCE
    while not terminal.is_over():
        assert time.monotonic() < end, "the program does not end"
        time.sleep(0.05)
    (recording,) = (tmp_path / "sessions" / "local").glob("*.jsonl")
    statuses = [one.status for one in import_file(str(recording)).session.exchanges]
    assert statuses == [202, 202, 404, 201, 404]


def break_the_put(terminal: Terminal, folder: Path) -> None:
    """Turn the `&` before the digest of the closing PUT into a second question mark, in the editor, and send it."""
    (recording,) = folder.glob("*.jsonl")
    answer = import_file(str(recording)).session.exchanges[-1].response
    assert answer
    location = answer.headers.get("Location") or ""
    target = location[location.index("/v2/") :]
    terminal.press("e")
    terminal.until("goes out exactly")
    terminal.press("-N", str(len(f"PUT {target}")), "Right")
    terminal.press("Delete")
    terminal.until("Ddigest=")
    terminal.press("?")
    terminal.until("?digest=")
    terminal.press("F5")
