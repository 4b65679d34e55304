"""A bare Textual app with the widgets that most apps have: what a start costs that does nothing of its own."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Footer, Static, TextArea, Tree


class BareApp(App[None]):
    """Shows a few empty widgets; a key changes a text."""

    BINDINGS = [("x", "press", "Press")]
    pressed = 0

    def compose(self) -> ComposeResult:
        """Lay them out."""
        yield Static("bare", id="said")
        yield TextArea()
        yield DataTable[str]()
        yield Tree[str]("tree")
        yield Footer()

    def action_press(self) -> None:
        """Say how often the key was pressed."""
        self.pressed += 1
        self.query_one("#said", Static).update(f"pressed {self.pressed}")


if __name__ == "__main__":
    BareApp().run()
