"""Two exchanges side by side: the verdict first, what matters next, what passes last."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Footer

from explorer.compare import SessionComparison, compare_exchanges
from explorer.model import Exchange
from explorer.plain.transcript import summary_line
from explorer.ui.panes.lines import Lines
from explorer.ui.rows.findings import difference_rows
from explorer.ui.text import Row, words


class CompareScreen(Screen[None]):
    """Shows what differs between two exchanges, or between two sessions."""

    BINDINGS = [Binding("escape,q,v", "leave", "Back", id="compare.leave")]
    HELP = (
        "- is the left one, + the right one; what differs within a value is reversed. Ids, dates and tokens may differ."
    )
    DEFAULT_CSS = "CompareScreen > Lines { height: 1fr; }"

    def __init__(self, title: str, rows: list[Row]) -> None:
        super().__init__()
        self._title, self._rows = title, rows

    @classmethod
    def of_exchanges(cls, left: Exchange, right: Exchange) -> CompareScreen:
        """Compare two exchanges."""
        comparison = compare_exchanges(left, right)
        rows: list[Row] = [
            (words("- ", "bad"), words(summary_line(left))),
            (words("+ ", "good"), words(summary_line(right))),
            (words(comparison.verdict, "title"),),
            (),
            *difference_rows(comparison),
        ]
        return cls(f"Exchanges {left.id} and {right.id}", rows)

    @classmethod
    def of_sessions(cls, title: str, compared: SessionComparison) -> CompareScreen:
        """Compare two sessions, pair by pair."""
        rows: list[Row] = [(words(compared.verdict, "title"),)]
        for pair in compared.different:
            rows.append(())
            if pair.left:
                rows.append((words("- ", "bad"), words(summary_line(pair.left))))
            if pair.right:
                rows.append((words("+ ", "good"), words(summary_line(pair.right))))
            if pair.comparison:
                rows += difference_rows(pair.comparison)
            else:
                rows.append((words("  has no partner on the other side", "odd"),))
        return cls(title, rows)

    def compose(self) -> ComposeResult:
        """Lay out the differences."""
        yield Lines("differences", points=False)
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Show them."""
        pane = self.query_exactly_one("#differences", Lines)
        pane.show(self._title, self._rows)
        pane.focus()

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss()
