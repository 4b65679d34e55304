"""A bug report of the session: the bundle is written, and the summary to paste is shown."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from explorer.errors import Problem
from explorer.jobs.reporting import Report, report_of
from explorer.model import Session
from explorer.ui.panes.footer import KeyLine
from explorer.ui.panes.lines import Lines
from explorer.ui.text import words


class ReportScreen(Screen[None]):
    """Writes the report of a session, redacted, and shows the summary and what was masked."""

    BINDINGS = [
        Binding("c", "copy", "Copy the summary", id="report.copy"),
        Binding("escape,q", "leave", "Back", id="report.leave"),
    ]
    HELP = "The bundle is redacted. Look at what was masked before you share it; `redact --mask` masks more."

    def __init__(self, session: Session, recording: str) -> None:
        super().__init__()
        self._session = session
        self._recording = recording
        self._report: Report | None = None

    def compose(self) -> ComposeResult:
        """Lay out the summary."""
        yield Lines("report", points=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin to write."""
        self.query_exactly_one("#report", Lines).show("Report", [(words("writing…", "dim"),)])
        self._write()

    @work(thread=True, group="report", exclusive=True, exit_on_error=False, description="report")
    def _write(self) -> None:
        try:
            report = report_of(self._session, self._recording)
        except Problem as problem:
            self.app.call_from_thread(self._show, [problem.sentence], None)
            return
        lines = [f"Written: {report.path} ({', '.join(report.names)})", "", *report.said, "", *report.summary]
        self.app.call_from_thread(self._show, lines, report)

    def _show(self, lines: list[str], report: Report | None) -> None:
        self._report = report
        pane = self.query_exactly_one("#report", Lines)
        pane.show("Report", [(words(line),) for line in lines])
        pane.focus()

    def action_copy(self) -> None:
        """Copy the summary, which is in the bundle's report, too."""
        if self._report:
            self.app.copy_to_clipboard("\n".join(self._report.summary))
            self.notify("Copied, where the terminal allows it; the same is in report.md of the bundle.", markup=False)

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)
