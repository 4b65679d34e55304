"""A text goes to the user's own editor in a private file, and comes back."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from explorer.editing.outside import edit_outside
from explorer.errors import InputError


def editor(tmp_path: Path, line: str) -> str:
    """Return a command that does something to the file at `path`."""
    script = tmp_path / "an editor.py"
    script.write_text(f"import os, pathlib, sys\npath = pathlib.Path(sys.argv[1])\n{line}\n")
    return f"{sys.executable} '{script}'"


def test_the_text_comes_back_as_the_editor_left_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    line = "path.write_bytes(path.read_bytes().replace(b'PUT', b'POST') + b'\\xff')"
    monkeypatch.setenv("VISUAL", editor(tmp_path, line))
    assert edit_outside("PUT é\n") == "POST é\n\udcff"


def test_the_file_is_private_and_gone_afterwards(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    line = "path.write_text(f'{path} {os.stat(path.parent).st_mode & 0o777:o}')"
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor(tmp_path, line))
    name, _, mode = edit_outside("x").rpartition(" ")
    assert mode == "700"
    assert not Path(name).exists()


@pytest.mark.parametrize("line", ["sys.exit(3)", "path.unlink()"])
def test_an_editor_that_fails_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str) -> None:
    monkeypatch.setenv("VISUAL", editor(tmp_path, line))
    with pytest.raises(InputError, match=r"status 3|no file"):
        edit_outside("x")


@pytest.mark.parametrize("command", ["/no/such/editor", "vi 'unclosed"])
def test_an_editor_that_cannot_be_started_is_said(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("VISUAL", command)
    with pytest.raises(InputError, match="Set EDITOR"):
        edit_outside("x")
