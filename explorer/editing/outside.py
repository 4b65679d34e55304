"""The user's own editor: a text goes out to it in a private file, and comes back."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from explorer.editing.body_texts import shown_as
from explorer.editing.messages import message_of, with_message
from explorer.editing.sheets import Sheet
from explorer.errors import InputError


def edit_outside(text: str) -> str:
    """Return a text as $VISUAL or $EDITOR (vi where neither is set) left it; raises InputError where that fails."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="registry-explorer-") as folder:  # 0700
        path = Path(folder) / "request.http"
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        try:
            done = subprocess.run([*shlex.split(command), str(path)], check=False)
        except (OSError, ValueError) as bad:
            raise InputError(f"The editor '{command}' cannot be started: {bad}. Set EDITOR to one that can.") from bad
        if done.returncode:
            raise InputError(f"The editor '{command}' ended with status {done.returncode}; nothing was changed.")
        try:
            return path.read_bytes().decode("utf-8", "surrogateescape").replace("\r\n", "\n")
        except OSError as bad:
            raise InputError(f"The editor '{command}' left no file to read: {bad.strerror}.") from bad


def edit_sheet_outside(sheet: Sheet) -> Sheet:
    """Return a sheet as the user's editor left it, as `edit_outside` does; raises InputError."""
    body = shown_as(sheet.body, "text")
    text = message_of(sheet.request, body)
    edited = edit_outside(text)
    if edited == text:
        return sheet
    return sheet.with_request(with_message(sheet.request, body, edited, is_pinned=sheet.is_pinned))
