"""A screen from which other screens are opened, to look closer at what is selected."""

from __future__ import annotations

from explorer.bodies.window import window_on
from explorer.errors import Problem
from explorer.model import Body
from explorer.ui.contents import next_request
from explorer.ui.screens.controlling import ControllingScreen


class LookingScreen(ControllingScreen):
    """Opens what is selected on screens of their own."""

    def action_body(self) -> None:
        """Look at a body alone: the request's where that pane has the focus, else the answer's."""
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
