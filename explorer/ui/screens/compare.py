"""Two exchanges side by side: the verdict first, what matters next, what passes last."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from textual.app import ComposeResult
from textual.binding import Binding

from explorer.compare import SessionComparison, compare_exchanges
from explorer.model import Exchange
from explorer.plain.transcript import summary_line
from explorer.ui.panes.footer import KeyLine
from explorer.ui.panes.lines import Lines
from explorer.ui.rows.findings import difference_rows
from explorer.ui.screens.text_out import COPY, WRITE, TextOut
from explorer.ui.text import Row, words


class CompareScreen(TextOut):
    """Shows what differs between two exchanges, or between two sessions."""

    BINDINGS = [
        Binding("enter,space", "unfold", "Expected differences", id="compare.unfold", tooltip="Unfold them, or fold"),
        COPY,
        WRITE,
        Binding("escape,q,v", "leave", "Back", id="compare.leave"),
    ]
    HELP = (
        "- is the left one, + the right one; what differs within a value is reversed. "
        "Ids, dates and tokens may differ: Enter shows them, too."
    )
    DEFAULT_CSS = "CompareScreen > Lines { height: 1fr; }"

    def __init__(self, title: str, rows_of: Callable[[bool], list[Row]]) -> None:
        """Show rows under a title; `rows_of` makes them, with the expected differences unfolded or not."""
        super().__init__()
        self._title, self._rows_of = title, rows_of
        self._is_unfolded = False

    @classmethod
    def of_exchanges(cls, left: Exchange, right: Exchange) -> CompareScreen:
        """Compare two exchanges."""
        comparison = compare_exchanges(left, right)
        head: list[Row] = [(words(comparison.verdict, "title"),), *_pair(left, right), ()]
        return cls(
            f"Exchanges {left.id} and {right.id}",
            lambda is_unfolded: [*head, *difference_rows(comparison, is_unfolded=is_unfolded)],
        )

    @classmethod
    def of_sessions(cls, title: str, compared: SessionComparison) -> CompareScreen:
        """Compare two sessions, pair by pair."""
        return cls(title, lambda is_unfolded: [*_session_rows(compared, is_unfolded=is_unfolded)])

    def compose(self) -> ComposeResult:
        """Lay out the differences."""
        yield Lines("differences", points=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show them."""
        self._show().focus()

    def _show(self) -> Lines:
        pane = self.query_exactly_one("#differences", Lines)
        pane.show(self._title, self._rows_of(self._is_unfolded))
        return pane

    def action_unfold(self) -> None:
        """Show the expected differences, too, or only their names."""
        self._is_unfolded = not self._is_unfolded
        self._show()

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss()


def _pair(left: Exchange | None, right: Exchange | None) -> Iterator[Row]:
    if left:
        yield (words("- ", "bad"), words(summary_line(left)))
    if right:
        yield (words("+ ", "good"), words(summary_line(right)))


def _session_rows(compared: SessionComparison, *, is_unfolded: bool) -> Iterator[Row]:
    yield (words(compared.verdict, "title"),)
    same = [pair for pair in compared.pairs if pair.comparison and not pair.comparison.real]
    if passing := sum(bool(pair.comparison and pair.comparison.differences) for pair in same):
        yield (words(f"{passing} more {'pair differs' if passing == 1 else 'pairs differ'} as expected.", "prose"),)
    for pair in compared.pairs if is_unfolded else compared.different:
        if pair.comparison and not pair.comparison.differences:
            continue
        yield ()
        yield from _pair(pair.left, pair.right)
        if pair.comparison:
            yield from difference_rows(pair.comparison, is_unfolded=is_unfolded)
        else:
            yield (words("  has no partner on the other side", "odd"),)
