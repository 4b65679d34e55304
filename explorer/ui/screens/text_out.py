"""What is handed out of a screen of panes: the text of the pane at hand, to the clipboard or as a file."""

from __future__ import annotations

from typing import Any

from textual.binding import Binding
from textual.screen import Screen

from explorer.errors import Problem
from explorer.places import write_text
from explorer.ui.panes.lines import Lines
from explorer.visible import visible

COPY = Binding("y", "copy", "Copy", id="text.copy", tooltip="Copy the text of the pane, by the terminal")
WRITE = Binding("Y", "write", "Write", id="text.write", show=False, tooltip="Write the text of the pane to a file")


class TextOut(Screen[Any]):
    """Hands out the text of the pane that has the focus, by the keys COPY and WRITE."""

    def _text(self) -> str:
        return self.focused.text if isinstance(self.focused, Lines) else ""

    def action_copy(self) -> None:
        """Copy the text."""
        text = self._text()
        self.app.copy_to_clipboard(text)
        said = f"Copied {len(text)} characters, by way of the terminal (OSC 52); Y writes them to a file."
        self.notify(said, markup=False)

    def action_write(self) -> None:
        """Write the text to a new file beside the recordings."""
        try:
            said = f"Wrote the text to {write_text(self._text())}."
        except Problem as problem:
            said = problem.sentence
        self.notify(visible(said), markup=False)
