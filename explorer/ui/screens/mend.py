"""A finding and the edit that mends it, shown as a difference before anything is sent."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen

from explorer.compare import compare_requests
from explorer.frozen import frozen
from explorer.model import Finding, Request
from explorer.ui.panes.footer import KeyLine
from explorer.ui.panes.lines import Lines
from explorer.ui.rows.findings import difference_rows, finding_rows
from explorer.ui.screens.text_out import COPY, WRITE, TextOut


@frozen
class Mended:
    """The mended request, and whether it is to be sent at once."""

    finding: Finding
    request: Request
    send: bool


class Mend(TextOut, ModalScreen[Any]):
    """Shows what a mend changes, and asks whether it is to be sent."""

    BINDINGS = [
        Binding("enter,f5", "take(True)", "Send it", id="mend.send", key_display="enter", priority=True),
        Binding("f2,k", "take(False)", "Keep it as a draft", id="mend.keep", key_display="F2", priority=True),
        COPY,
        WRITE,
        Binding("escape", "cancel", "Cancel", id="mend.cancel", priority=True),
    ]
    DEFAULT_CSS = """
    Mend {
        align: center middle;
        & > #sheet { width: 96%; height: 80%; background: $surface; }
        & Lines { height: 1fr; }
    }
    """

    def __init__(self, finding: Finding, before: Request, after: Request) -> None:
        super().__init__()
        self._finding, self._before, self._after = finding, before, after

    def compose(self) -> ComposeResult:
        """Lay out the finding and the difference."""
        with Vertical(id="sheet"):
            yield Lines("mend-finding", points=False)
            yield Lines("mend-difference", points=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show both."""
        self.query_exactly_one("#mend-finding", Lines).show("Finding", finding_rows(self._finding))
        comparison = compare_requests(self._before, self._after)
        self.query_exactly_one("#mend-difference", Lines).show("What the mend changes", difference_rows(comparison))

    def action_take(self, send: bool) -> None:
        """Take the mended request."""
        self.dismiss(Mended(self._finding, self._after, send))

    def action_cancel(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)
