"""What if: an answer is typed as if the registry had given it. Nothing is sent, and it is marked as made up."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label, Static, TextArea

from explorer.errors import Problem
from explorer.model import Request, Response
from explorer.supposing import answer_of, answer_text
from explorer.ui.panes.footer import KeyLine
from explorer.ui.text import safe


class WhatIf(ModalScreen[Response | None]):
    """Edits an answer that nobody gave."""

    BINDINGS = [
        Binding("f5,f2", "finish", "Suppose it", id="suppose.finish", key_display="F5", priority=True),
        Binding("escape", "cancel", "Cancel", id="suppose.cancel", priority=True),
    ]
    HELP = "The status line, the header lines, an empty line, the body. The flow goes on as if that had come back."
    DEFAULT_CSS = """
    WhatIf {
        align: center middle;
        & > #sheet { width: 96%; height: 80%; border: round $warning; padding: 0 1; background: $surface; }
        & TextArea { border: none; padding: 0; height: 1fr; background: $boost; &:focus { border: none; } }
        & Label { color: $text-muted; }
        & #wrong { color: $text-error; height: auto; max-height: 3; }
    }
    """

    def __init__(self, what: str, response: Response | None, request: Request | None = None) -> None:
        """Edit an answer to `what`: one that came, else the one that the request wants."""
        super().__init__()
        self._what = what
        self._response = response
        self._request = request

    def compose(self) -> ComposeResult:
        """Lay out the answer."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = "What if: made up, never on the wire"
            yield Label(safe(f"As if this had come back for: {self._what}"))
            yield TextArea(answer_text(self._response, self._request), id="answer", soft_wrap=True)
            yield Static(id="wrong")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin in the answer."""
        self.query_exactly_one(TextArea).focus()

    def action_finish(self) -> None:
        """Take the answer, where it can be read as one."""
        try:
            response = answer_of(self.query_exactly_one(TextArea).text, self._response)
        except Problem as problem:
            self.query_exactly_one("#wrong", Static).update(safe(problem.sentence))
            self.app.bell()
            return
        self.dismiss(response)

    def action_cancel(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)
