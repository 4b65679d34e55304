"""The sequence: a ladder of requests and answers, a lane for each party, values as letters that travel."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.binding import Binding

from explorer.ladder import as_text, ladder_of
from explorer.model import Session
from explorer.ui.panes.footer import KeyLine
from explorer.ui.panes.lines import Lines
from explorer.ui.pointing import Line, Pointed
from explorer.ui.screens.exporting import ExportingScreen
from explorer.ui.screens.text_out import COPY, WRITE, TextOut
from explorer.ui.text import words

_NARROWEST = 40


class LadderScreen(ExportingScreen, TextOut):
    """Shows a session as a ladder, and leads to the exchange that is pointed at."""

    BINDINGS = [
        Binding("enter", "go", "Go to the exchange", id="ladder.go", priority=True),
        Binding("E", "export", "Export…", id="ladder.export", tooltip="As SVG, Mermaid, or anything else"),
        COPY,
        WRITE,
        Binding("escape,q,s", "leave", "Back", id="ladder.leave"),
    ]
    HELP = (
        "Time goes down. A letter in brackets is a value: where an answer gave it, and where a request carries it. "
        "Enter goes to the exchange; on a letter, to that which gave it."
    )
    DEFAULT_CSS = "LadderScreen > Lines { height: 1fr; }"
    kind = "svg sequence.svg"

    def __init__(self, session: Session, recording: str = "", selected: int = 0) -> None:
        """Show a session that lies in a recording; the pointer begins at the selected exchange, else at the last."""
        super().__init__()
        self._session = session
        self._recording = recording
        self._selected = selected or len(session.exchanges)
        self._ladder = ladder_of(session.exchanges, session.call)

    def compose(self) -> ComposeResult:
        """Lay out the ladder."""
        yield Lines("ladder")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin in it."""
        self.query_exactly_one("#ladder", Lines).focus()

    def on_resize(self) -> None:
        """Draw for the new width."""
        self.call_after_refresh(self._draw)

    def exported(self) -> tuple[Session, str] | None:
        """Return the session."""
        return (self._session, self._recording) if self._session.exchanges else None

    def _draw(self) -> None:
        pane = self.query_exactly_one("#ladder", Lines)
        text = as_text(self._ladder, max(_NARROWEST, pane.scrollable_content_region.width - 4))
        count = len(self._session.exchanges)
        pane.show(f"Sequence of {count} exchange{'s' if count != 1 else ''}", list(self._lines(text)))
        if self._selected:
            pane.point_at(lambda about: about.exchange == self._selected)
            self._selected = 0

    def _lines(self, text: str) -> Iterator[Line]:
        """Yield the lines of the drawing: the lanes, two for each rung, a blank one, one for each letter."""
        rungs = [rung.id for rung in self._ladder.rungs for _ in range(2)]
        ids = [0, *rungs, 0, *(letter.exchange for letter in self._ladder.letters)]
        for number, line in enumerate(text.rstrip("\n").split("\n")):
            id = ids[number] if number < len(ids) else 0
            yield Line((words(line),), (), Pointed(id, "answer", "rung", row=number) if id else None)

    def action_go(self) -> None:
        """Go to the exchange that is pointed at."""
        about = self.query_exactly_one("#ladder", Lines).about
        self.dismiss(about.exchange if about else None)

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)
