"""The sequence: a ladder of requests and answers, a lane for each party, values as letters that travel."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Footer

from explorer.ladder import as_text, ladder_of
from explorer.model import Session
from explorer.ui.panes.lines import Lines
from explorer.ui.text import words


class LadderScreen(Screen[None]):
    """Shows a session as a ladder."""

    BINDINGS = [Binding("escape,q,s", "leave", "Back", id="ladder.leave")]
    HELP = "Time goes down. A letter in brackets is a value: where an answer gave it, and where a request carries it."
    DEFAULT_CSS = "LadderScreen > Lines { height: 1fr; }"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._ladder = ladder_of(session.exchanges, session.call)

    def compose(self) -> ComposeResult:
        """Lay out the ladder."""
        yield Lines("ladder", points=False)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Begin in it."""
        self.query_exactly_one("#ladder", Lines).focus()

    def on_resize(self) -> None:
        """Draw for the new width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        pane = self.query_exactly_one("#ladder", Lines)
        text = as_text(self._ladder, max(60, pane.scrollable_content_region.width - 8))
        count = len(self._session.exchanges)
        pane.show(f"Sequence of {count} exchanges", [(words(line),) for line in text.split("\n")])

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss()
