"""The app ends when its terminal goes away, also where no signal tells it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.stories.telling import SESSIONS


def test_the_app_ends_with_a_terminal_that_is_not_its_own(tmp_path: Path) -> None:
    path = tmp_path / "pushed.jsonl"
    path.write_bytes((SESSIONS / "first-push.jsonl").read_bytes())
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "explorer", "open", str(path)]
    with subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True) as app:
        os.close(theirs)
        seen = b""
        while b"\x1b[?1049h" not in seen:
            seen += os.read(ours, 65536)
        os.close(ours)
        try:
            app.wait(60)
        finally:
            app.kill()
    assert app.returncode is not None
    assert app.returncode != -9
