"""What is handed out of a body: what is in view as plain text or to the clipboard, all of it as a file."""

from __future__ import annotations

from textual import work
from textual.binding import Binding
from textual.getters import query_one
from textual.screen import Screen
from textual.worker import get_current_worker

from explorer.bodies.window import Window
from explorer.errors import Problem
from explorer.places import write_bytes
from explorer.ui.panes.body_view import BodyView
from explorer.visible import size_text, visible

_MOST_ROWS = 2_000
_PART = 1 << 20


class BodyOut(Screen[None]):
    """Hands out what it shows, and what that is a window on."""

    BINDINGS = [
        Binding("y", "copy", "Copy", id="body.copy", show=False, tooltip="Copy the rows in view, by the terminal"),
        Binding("Y", "write", "Write", id="body.write", tooltip="Write the body to a file, byte for byte"),
        Binding("M", "plain", "Plain text", id="body.plain", show=False, tooltip="In the terminal itself, to copy"),
    ]

    view = query_one("#body-view", BodyView)
    _window: Window

    def action_copy(self) -> None:
        """Copy the rows that are in view."""
        text = self.view.text(self.view.size.height)
        self.app.copy_to_clipboard(text)
        self.notify(f"Copied {len(text)} characters, by way of the terminal (OSC 52).", markup=False)

    def action_plain(self) -> None:
        """Show the rows from the first one in view on as plain text in the terminal itself."""
        from explorer.ui.plainly import show_plainly

        try:
            show_plainly(self.app, self.view.text(_MOST_ROWS))
        except Problem as problem:
            self.notify(visible(problem.sentence), severity="warning", markup=False)

    @work(thread=True, group="write", exclusive=True, exit_on_error=False, description="write the body")
    def action_write(self) -> None:
        """Write the bytes to a new file beside the recordings."""
        window, worker = self._window, get_current_worker()
        parts = (window.read(at, _PART) for at in range(0, window.size, _PART) if not worker.is_cancelled)
        try:
            path = write_bytes(parts)
            said = f"Wrote {size_text(window.size)} to {path}."
            if worker.is_cancelled:
                path.unlink(missing_ok=True)
        except Problem as problem:
            said = problem.sentence
        if not worker.is_cancelled:
            self.app.call_from_thread(self.notify, visible(said), markup=False)
