"""What is held on its way through the recorder: its head, to be edited or not, and let go."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label, TextArea

from explorer.recorder.pausing import Held
from explorer.ui.panes.footer import KeyLine
from explorer.ui.text import safe


class HeldScreen(ModalScreen[None]):
    """Edits a head that is held. A line that is left alone goes on in its bytes, a masked credential included."""

    BINDINGS = [
        Binding("f5", "let_go", "Let it go", id="held.go", priority=True),
        Binding("escape", "leave", "Hold it longer", id="held.leave", priority=True),
    ]
    HELP = "The first line and the header lines, as they are about to be passed on. The body passes as it is."
    DEFAULT_CSS = """
    HeldScreen {
        align: center middle;
        & > #sheet { width: 96%; height: 80%; border: round $warning; padding: 0 1; background: $surface; }
        & TextArea { border: none; padding: 0; height: 1fr; background: $boost; &:focus { border: none; } }
        & Label { color: $text-muted; }
    }
    """

    def __init__(self, held: Held) -> None:
        super().__init__()
        self._held = held

    def compose(self) -> ComposeResult:
        """Lay out the head."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = safe(f"Held: {self._held.side}")
            yield Label(safe(self._held.what))
            yield TextArea("\n".join(self._held.lines()), id="head", soft_wrap=True)
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin in the head."""
        self.query_exactly_one(TextArea).focus()

    def action_let_go(self) -> None:
        """Let it go as it stands here."""
        text = self.query_exactly_one(TextArea).text
        self._held.let_go_as(text.rstrip("\n").split("\n"))
        self.dismiss(None)

    def action_leave(self) -> None:
        """Go on holding it."""
        self.dismiss(None)
