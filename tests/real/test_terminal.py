"""The story in a real terminal: start, step, break a request, be refused, see why, mend, replay, compare, save."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.formats.importing import import_file
from tests.real.terminal import Terminal

pytestmark = pytest.mark.skipif(not shutil.which("tmux"), reason="needs tmux")

SIZES = [(80, 24), (120, 40), (200, 50)]


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """Return the program in a terminal, in a folder of its own."""
    (tmp_path / "sessions").mkdir()
    terminal = Terminal(tmp_path, *request.param)
    yield terminal
    terminal.close()


def test_the_whole_story_in_a_terminal(terminal: Terminal, tmp_path: Path) -> None:
    terminal.until("Step the sample image")
    terminal.does("Enter", "0 exchanged", "POST /v2/tiny")
    step(terminal, 1, "PATCH /v2/tiny")
    step(terminal, 2, "PUT /v2/tiny")
    break_the_put(terminal, tmp_path / "sessions" / "local")
    terminal.until("3 exchanged", "BLOB_UPLOAD_INVALID", "404 refused")
    terminal.does("3", "second-question-mark")
    terminal.does("m", "What the mend changes")
    terminal.does("Enter", "The mend helped", "4 exchanged")
    terminal.does("!", "2 Answer 3")
    terminal.does("r", "5 exchanged")
    terminal.does("1", "1 Request 5")
    terminal.press("Escape", "Home", "Down", "Down", "v")
    terminal.until("Exchange 3 is marked")
    terminal.press("Down", "v")
    terminal.until("They differ in")
    terminal.does("Escape", "5 exchanged")
    terminal.does("Y", "Wrote the request as a curl command")
    terminal.press("q")
    terminal.until_over()
    (recording,) = (tmp_path / "sessions" / "local").glob("*.jsonl")
    statuses = [one.status for one in import_file(str(recording)).session.exchanges]
    assert statuses == [202, 202, 404, 201, 404]


def step(terminal: Terminal, exchange: int, next: str) -> None:
    """Send what is next and wait until that is over; then bring the request after it into view."""
    terminal.does("Enter", f"{exchange} exchanged", f"step {exchange + 1} of")
    terminal.does("1", "1 Next request", next, gone="Stop")


def break_the_put(terminal: Terminal, folder: Path) -> None:
    """Turn the `&` before the digest of the closing PUT into a second question mark, in the editor, and send it.

    All keys go out in one burst: each has to have its effect before the next.
    """
    (recording,) = folder.glob("*.jsonl")
    answer = import_file(str(recording)).session.exchanges[-1].response
    assert answer
    location = answer.headers.get("Location") or ""
    target = location[location.index("/v2/") :]
    terminal.does("e", "goes out exactly")
    terminal.press(*["Right"] * len(f"PUT {target}"), "Delete", "?", "F5")


def test_plain_text_stands_in_the_terminal_without_frames_and_enter_goes_back(terminal: Terminal) -> None:
    terminal.until("Step the sample image")
    terminal.does("Enter", "0 exchanged")
    terminal.does("Enter", "1 exchanged", "step 2 of")
    terminal.does("2", "the status of the answer|3 Meaning|2 Answer")
    terminal.does("M", r"(?m)^HTTP/1.1 202 Accepted", "Enter goes back", gone="╭")
    assert terminal.mouse_is_free
    terminal.does("Enter", "1 exchanged", "╭", gone="Enter goes back")
    assert not terminal.mouse_is_free
