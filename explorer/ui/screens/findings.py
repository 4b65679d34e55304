"""Everything that is wrong with a session, the strongest cause first."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal

from explorer.model import Finding
from explorer.ui.panes.footer import KeyLine
from explorer.ui.panes.lines import Lines
from explorer.ui.pointing import Line, Pointed
from explorer.ui.rows.findings import finding_rows
from explorer.ui.screens.text_out import COPY, WRITE, TextOut
from explorer.ui.text import Row, words


class FindingsScreen(TextOut):
    """Lists findings; the one that is pointed at is shown whole. Leads to the exchange that shows it."""

    BINDINGS = [
        Binding("enter", "go", "Go to the exchange", id="findings.go", priority=True),
        COPY,
        WRITE,
        Binding("escape,q", "leave", "Back", id="findings.leave"),
    ]
    HELP = "✗ decides, ! likely, ? hint. Enter goes to the exchange that shows it."
    DEFAULT_CSS = """
    FindingsScreen {
        & #findings { width: 2fr; height: 1fr; }
        & #finding { width: 3fr; height: 1fr; }
    }
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__()
        self._findings = findings

    def compose(self) -> ComposeResult:
        """Lay out the list and the finding."""
        with Horizontal():
            yield Lines("findings")
            yield Lines("finding", points=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show the list."""
        lines: list[Line | Row] = [
            Line(row, (), Pointed(finding.exchanges[0] if finding.exchanges else 0, "answer", "finding", row=number))
            for number, finding in enumerate(self._findings)
            for row in finding_rows(finding, whole=False)
        ]
        pane = self.query_exactly_one("#findings", Lines)
        pane.show(f"Findings: {len(self._findings)}", lines or [(words("nothing that is wrong was found", "dim"),)])
        pane.focus()

    def on_lines_pointed_at(self, message: Lines.PointedAt) -> None:
        """Show the finding that is pointed at."""
        if message.about:
            finding = self._findings[message.about.row]
            self.query_exactly_one("#finding", Lines).show(finding.rule, finding_rows(finding))

    def action_go(self) -> None:
        """Go to the exchange."""
        about = self.query_exactly_one("#findings", Lines).about
        self.dismiss(about.exchange if about else None)

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)
