"""The recorder in line mode, by the real program: what a client sends is held, looked at, edited and let go."""

from __future__ import annotations

import re
import subprocess
import threading
import urllib.request
from pathlib import Path

from explorer.formats.session import read_session
from explorer.practice import PracticeRegistry
from tests.plain.terminal import Terminal, program


def get(url: str, into: list[int]) -> threading.Thread:
    """Ask for something in a thread; the status goes into a list."""

    def ask() -> None:
        with urllib.request.urlopen(url, timeout=60) as answered:
            into.append(answered.status)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    return asking


def test_a_request_is_held_edited_and_let_go(tmp_path: Path) -> None:
    with PracticeRegistry() as registry:
        words = ("record", str(registry.origin), "--plain", "--pause", "request ~m GET", "--session", "a.jsonl")
        with Terminal(tmp_path, *program(*words)) as terminal:
            said = terminal.wait_for("\n> ")
            recorder = re.search(r"Recording between (\S+) and", said)
            assert recorder
            statuses: list[int] = []
            asking = get(f"http://{recorder[1]}/v2/", statuses)
            terminal.type("wait")
            terminal.wait_for("Held: request GET /v2/")
            terminal.wait_for("\n> ")
            terminal.type("go edited")
            terminal.wait_for("held> ")
            terminal.type("+ X-Added: yes")
            terminal.wait_for("held> ")
            terminal.type("")
            terminal.wait_for("Gone on: request GET /v2/")
            terminal.type("wait")
            terminal.wait_for("1. GET ")
            asking.join(60)
            assert statuses == [200]
            terminal.type("show")
            terminal.wait_for("X-Added: yes")
            terminal.type("held")
            terminal.wait_for("Nothing is held.")
            terminal.type("quit")
            assert terminal.leave() == 0
    [exchange] = read_session(tmp_path / "a.jsonl").session.exchanges
    assert exchange.request.headers.get("X-Added") == "yes"


def test_a_command_and_a_pause_cannot_both_have_standard_input(tmp_path: Path) -> None:
    words = program("record", "localhost:1", "--plain", "--pause", "request", "--", "true")
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "COMMAND has to run elsewhere" in done.stderr) == (2, True)
