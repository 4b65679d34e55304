"""A screen from which other screens are opened, to look closer at what is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from explorer.errors import Problem
from explorer.model import Body, Session
from explorer.standing import next_request
from explorer.ui.panes.lines import Lines
from explorer.ui.panes.timeline import Timeline
from explorer.ui.screens.controlling import ControllingScreen
from explorer.ui.screens.exporting import ExportingScreen

if TYPE_CHECKING:
    from explorer.compare import SessionComparison


class LookingScreen(ControllingScreen, ExportingScreen):
    """Opens what is selected on screens of their own, and hands it out as text."""

    _marked = 0

    def action_body(self) -> None:
        """Look at a body alone: the request's where that pane has the focus, else the answer's."""
        from explorer.bodies.window import window_on
        from explorer.ui.screens.body import BodyScreen

        found = self._body()
        if found is None:
            self.say("There is no body here to look at.")
            return
        title, body = found
        try:
            window = window_on(body)
        except Problem as problem:
            self.say(problem.sentence)
            return
        self.app.push_screen(BodyScreen(title, window))

    def action_report(self) -> None:
        """Write a redacted bundle for a bug report, and show the summary to paste."""
        from explorer.ui.screens.report import ReportScreen

        if self.state is None or not self.state.exchanges:
            self.say("Nothing was sent yet, so there is nothing to report.")
            return
        self.app.push_screen(ReportScreen(self._bench.session, self.state.recording))

    def action_ladder(self) -> None:
        """Look at the session as a ladder."""
        from explorer.ui.screens.ladder import LadderScreen

        recording = self.state.recording if self.state else ""
        self.app.push_screen(LadderScreen(self._bench.session, recording, self.selected), self.go_to)

    def go_to(self, exchange: int | None) -> None:
        """Select an exchange that another screen leads to."""
        if exchange:
            self.selected = exchange

    def exported(self) -> tuple[Session, str] | None:
        """Return the session, where anything was sent."""
        state = self.state
        return (self._bench.session, state.recording) if state and state.exchanges else None

    def action_compare(self) -> None:
        """Mark the selected exchange; the second time, compare it with the one that is marked."""
        from explorer.ui.screens.compare import CompareScreen

        state, marked = self.state, self._marked
        if state is None or not self.selected:
            self.say("Go up to an exchange first; v marks it, and v on another one compares the two.")
            return
        if not marked or marked == self.selected:
            self._marked = self.selected
            self.remark(f"Exchange {self.selected} is marked. Go to another one and press v to compare the two.")
            return
        self._marked = 0
        self.app.push_screen(CompareScreen.of_exchanges(state.exchange(marked), state.exchange(self.selected)))

    def action_compare_session(self) -> None:
        """Ask for another recording, and compare this session with it."""
        from explorer.ui.screens.asking import Ask

        question = Ask("Compare this session with…", "The path of a recording, or of whatever else can be opened.")
        self.app.push_screen(question, self._compare_session)

    def _compare_session(self, path: str | None) -> None:
        if path and path.strip():
            self._compare_with(path.strip())

    @work(thread=True, group="compare", exclusive=True, exit_on_error=False, description="compare")
    def _compare_with(self, path: str) -> None:
        from explorer.compare import compare_sessions
        from explorer.formats.importing import import_file

        try:
            other = import_file(path).session
        except Problem as problem:
            self.app.call_from_thread(self.say, problem.sentence)
            return
        compared = compare_sessions(self._bench.session.exchanges, other.exchanges)
        self.app.call_from_thread(self._show_comparison, path, compared)

    def _show_comparison(self, path: str, compared: SessionComparison) -> None:
        from explorer.ui.screens.compare import CompareScreen

        self.app.push_screen(CompareScreen.of_sessions(f"This session (-) and {path} (+)", compared))

    def action_copy(self) -> None:
        """Copy the request in view as a curl command; in another pane, its text."""
        text, what = self._copied()
        if not text:
            self.say("There is nothing here to copy.")
            return
        self.app.copy_to_clipboard(text)
        self.remark(f"Copied {what}, {len(text)} characters, by way of the terminal (OSC 52); Y writes it to a file.")

    def action_plain(self) -> None:
        """Show the steps, the request, the answer and what they mean as plain text in the terminal itself."""
        from explorer.ui.plainly import show_plainly

        steps = self.query_exactly_one("#timeline", Timeline).text
        try:
            show_plainly(self.app, "\n\n".join((steps, *(f"--- {pane.id}\n{pane.text}" for pane in self.query(Lines)))))
        except Problem as problem:
            self.say(problem.sentence)

    def action_write(self) -> None:
        """Write what would be copied to a new file."""
        from explorer.places import write_text

        text, what = self._copied()
        try:
            path = write_text(text)
        except Problem as problem:
            self.say(problem.sentence)
            return
        self.remark(f"Wrote {what} to {path}.")

    def _copied(self) -> tuple[str, str]:
        from explorer.formats.writing.one_command import curl_command

        focused = self.focused
        if isinstance(focused, Lines) and focused.id != "request":
            return focused.text, f"pane {focused.id}"
        state = self.state
        if state is None:
            return "", ""
        request = state.exchange(self.selected).request if self.selected else next_request(state)
        return (curl_command(request), "the request as a curl command") if request else ("", "")

    def _body(self) -> tuple[str, Body] | None:
        state = self.state
        if state is None:
            return None
        is_request = self.focused is not None and self.focused.id == "request"
        id = self.selected or len(state.exchanges)
        if is_request and not self.selected:
            request = next_request(state)
            return ("body of the next request", request.body) if request else None
        if not id:
            return None
        exchange = state.exchange(id)
        if is_request:
            return f"body of request {id}", exchange.request.body
        return (f"body of answer {id}", exchange.response.body) if exchange.response else None
