"""A question that is answered in one line."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from explorer.errors import Problem
from explorer.ui.panes.footer import KeyLine
from explorer.ui.text import safe


class Ask(ModalScreen[str | None]):
    """Asks for a line of text; what cannot be used is said, and asked for again."""

    BINDINGS = [
        Binding("enter", "answer", "OK", id="ask.answer", priority=True),
        Binding("escape", "cancel", "Cancel", id="ask.cancel", priority=True),
    ]
    DEFAULT_CSS = """
    Ask {
        align: center middle;
        & > #sheet { width: 76; max-width: 96%; height: auto; border: round $primary; padding: 0 1; }
        & > #sheet { background: $surface; }
        & Input { border: none; height: 1; padding: 0; background: $boost; &:focus { border: none; } }
        & #help { color: $text-muted; height: auto; }
        & #wrong { color: $text-error; height: auto; }
    }
    """

    def __init__(self, title: str, help: str, value: str = "", check: Callable[[str], object] = str) -> None:
        """Ask under a title; `check` raises a Problem for a text that cannot be used."""
        super().__init__()
        self._title, self._help, self._value, self._check = title, help, value, check

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = safe(self._title)
            yield Static(safe(self._help), id="help")
            yield Input(self._value, select_on_focus=False)
            yield Static(id="wrong")
        yield KeyLine()

    def action_answer(self) -> None:
        """Take the text, where it can be used."""
        text = self.query_exactly_one(Input).value
        try:
            self._check(text)
        except Problem as problem:
            self.query_exactly_one("#wrong", Static).update(safe(problem.sentence))
            self.app.bell()
            return
        self.dismiss(text)

    def action_cancel(self) -> None:
        """Leave everything as it was."""
        self.dismiss(None)
