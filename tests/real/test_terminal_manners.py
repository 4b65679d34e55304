"""What a real terminal does to the program: signals while it is lent out, bytes that are no text."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.terminal import Terminal

pytestmark = pytest.mark.skipif(not shutil.which("tmux"), reason="needs tmux")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder for the program."""
    (tmp_path / "sessions").mkdir()
    return tmp_path


@pytest.fixture
def terminal(folder: Path) -> Iterator[Terminal]:
    """Return the program in a terminal, before the first step, with an editor that only fails."""
    terminal = Terminal(folder, 80, 24, EDITOR="false")
    terminal.until("Step the sample image")
    terminal.does("Enter", "0 exchanged")
    yield terminal
    terminal.close()


def test_a_signal_ends_the_program_while_plain_text_waits_for_enter(terminal: Terminal) -> None:
    terminal.does("M", "Enter goes back")
    terminal.signal("TERM")
    terminal.until_over()


def test_ctrl_c_leads_back_from_plain_text(terminal: Terminal) -> None:
    terminal.does("M", "Enter goes back")
    terminal.does("C-c", "0 exchanged", "╭", gone="Enter goes back")
    terminal.does("1", "1 Next request")
    terminal.press("q")
    terminal.until_over()


def test_an_editor_that_fails_is_told_of_on_the_screen(terminal: Terminal) -> None:
    terminal.does("e", "goes out exactly")
    terminal.does("F4", "The editor 'false' ended with status 1")
    terminal.does("Escape", "0 exchanged", gone="goes out exactly")
    terminal.press("q")
    terminal.until_over()


def test_bytes_that_are_no_utf_8_are_typed_as_signs_and_end_nothing(terminal: Terminal) -> None:
    terminal.does("/", "Filter")
    terminal.type_bytes(b"a\xff\xfe\xc3(b")
    terminal.until("a␦␦␦\\(b")
    terminal.does("Escape", "0 exchanged", gone="Filter")
    terminal.press("q")
    terminal.until_over()
