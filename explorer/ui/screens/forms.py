"""The two forms of the start screen: what to push, and which recording to open."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Select

from explorer.flows.push_blob import Shape
from explorer.jobs import PushJob
from explorer.ui.panes.footer import KeyLine
from explorer.ui.text import safe

_SHAPES = (
    ("stream: POST, PATCH, PUT", Shape.STREAM),
    ("chunked: POST, PATCH by PATCH, PUT", Shape.CHUNKED),
    ("put: POST, PUT with the body", Shape.PUT),
    ("post: one POST with the body", Shape.POST),
)
_CSS = """
    & > #sheet { width: 76; max-width: 96%; height: auto; border: round $primary; padding: 0 1; background: $surface; }
    & Label { color: $text-muted; width: 100%; }
    & Input { border: none; height: 1; padding: 0; background: $boost; &:focus { border: none; } }
"""


class PushForm(ModalScreen[PushJob | None]):
    """Asks what to push where."""

    BINDINGS = [
        Binding("f5", "finish", "Begin", id="push.begin", priority=True),
        Binding("escape", "cancel", "Cancel", id="push.cancel", priority=True),
    ]
    DEFAULT_CSS = f"PushForm {{ align: center middle; {_CSS} }}"

    def compose(self) -> ComposeResult:
        """Lay out the fields."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = "Push an image"
            yield Label("Source: a docker-save archive, an OCI layout (folder or .tar), or tiny")
            yield Input("tiny", id="source")
            yield Label(safe("Target: [http://]host[:port]/repository[:tag]; empty for the built-in registry"))
            yield Input(id="target")
            yield Label("How the bytes travel")
            yield Select(_SHAPES, value=Shape.STREAM, allow_blank=False, id="shape", compact=True)
        yield KeyLine()

    def on_input_submitted(self) -> None:
        """Enter in a field begins."""
        self.action_finish()

    def action_finish(self) -> None:
        """Begin the push."""
        shape = self.query_exactly_one("#shape", Select).value
        self.dismiss(
            PushJob(
                source=self.query_exactly_one("#source", Input).value.strip() or "tiny",
                target=self.query_exactly_one("#target", Input).value.strip(),
                shape=shape if isinstance(shape, Shape) else Shape.STREAM,
            )
        )

    def action_cancel(self) -> None:
        """Go back."""
        self.dismiss(None)


class OpenForm(ModalScreen[str | None]):
    """Asks which recording to open."""

    BINDINGS = [Binding("escape", "cancel", "Cancel", id="open.cancel", priority=True)]
    DEFAULT_CSS = f"OpenForm {{ align: center middle; {_CSS} }}"

    def compose(self) -> ComposeResult:
        """Lay out the field."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = "Open a recording"
            yield Label("Path of a session file (.jsonl); Enter opens it")
            yield Input(id="path")
        yield KeyLine()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter opens."""
        self.dismiss(message.value.strip() or None)

    def action_cancel(self) -> None:
        """Go back."""
        self.dismiss(None)
