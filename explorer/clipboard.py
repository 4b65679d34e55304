"""The clipboard of the desktop, as far as it can be had: through whichever of the usual programs is installed."""

from __future__ import annotations

import shutil
import subprocess

from explorer.errors import InputError

READERS = (
    ("wl-paste", "--no-newline"),
    ("xclip", "-selection", "clipboard", "-out"),
    ("xsel", "--clipboard", "--output"),
    ("pbpaste",),
    ("powershell.exe", "-NoProfile", "-Command", "Get-Clipboard -Raw"),
)
"""The programs that are asked, in this order."""

_SECONDS = 5.0


def clipboard() -> bytes:
    """Return what is on the clipboard; raises InputError where no program can tell."""
    for command in READERS:
        if not shutil.which(command[0]):
            continue
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0:
            return done.stdout
    names = ", ".join(command[0] for command in READERS)
    raise InputError(
        f"The clipboard cannot be read: none of {names} gave its content. Paste it into `registry-explorer open -`, "
        "and end with Ctrl+D."
    )
