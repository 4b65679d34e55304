"""A program in a terminal of its own (tmux): keys go in, and what stands there is read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import uuid
from pathlib import Path

PATIENCE = 60.0
"""Seconds that something may take to appear on the terminal; only a failure takes so long."""


class Terminal:
    """The app in a terminal."""

    def __init__(self, folder: Path, width: int, height: int, *arguments: str, **variables: str) -> None:
        """Start it in a folder; with these arguments and environment variables besides."""
        self._name = f"registry-explorer-{uuid.uuid4().hex[:12]}"
        utf8 = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": str(folder)}
        unset = ("NO_COLOR", "TMUX", "EDITOR", "VISUAL")
        environment = {key: value for key, value in os.environ.items() if key not in unset} | utf8 | variables
        size = ("-x", str(width), "-y", str(height))
        program = (sys.executable, "-m", "explorer", *arguments)
        self._tmux("-f", os.devnull, "new-session", "-d", *size, "-c", str(folder), "--", *program, env=environment)

    def _tmux(self, *words: str, env: dict[str, str] | None = None) -> str:
        command = ("tmux", "-u", "-L", self._name, *words)
        return subprocess.run(command, capture_output=True, text=True, check=False, env=env, timeout=60).stdout

    def press(self, *keys: str) -> None:
        """Press keys in one burst, by tmux's names."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type text as it stands."""
        self._tmux("send-keys", "-l", text)

    def type_bytes(self, data: bytes) -> None:
        """Type bytes, whatever they are."""
        self._tmux("send-keys", "-H", *(f"{byte:02x}" for byte in data))

    def resize(self, width: int, height: int) -> None:
        """Make the terminal another size."""
        self._tmux("resize-window", "-x", str(width), "-y", str(height))

    def signal(self, name: str) -> None:
        """Send a signal to the program alone."""
        pid = self._tmux("display-message", "-p", "#{pane_pid}").strip()
        subprocess.run(("kill", f"-{name}", pid), check=True, timeout=60)

    @property
    def text(self) -> str:
        """What stands on the terminal."""
        return self._tmux("capture-pane", "-p")

    @property
    def mouse_is_free(self) -> bool:
        """Whether the terminal has the mouse for itself."""
        return self._tmux("display-message", "-p", "#{mouse_any_flag}").strip() == "0"

    def until(self, *patterns: str, gone: str = "") -> None:
        """Wait until patterns stand on the terminal, and one that is to be gone does not."""
        end = time.monotonic() + PATIENCE
        while not all(re.search(one, text := self.text) for one in patterns) or (gone and re.search(gone, text)):
            assert time.monotonic() < end, f"{patterns} (without {gone!r}) do not come; there is:\n{text}"
            time.sleep(0.05)

    def does(self, key: str, *patterns: str, gone: str = "") -> None:
        """Press a key and wait for its effect."""
        self.press(key)
        self.until(*patterns, gone=gone)

    def is_over(self) -> bool:
        """Say whether the program has ended."""
        return not self._tmux("list-sessions")

    def until_over(self) -> None:
        """Wait until the program has ended."""
        end = time.monotonic() + PATIENCE
        while not self.is_over():
            assert time.monotonic() < end, f"the program does not end:\n{self.text}"
            time.sleep(0.05)

    def close(self) -> None:
        """End the terminal, and the program with it."""
        self._tmux("kill-server")
