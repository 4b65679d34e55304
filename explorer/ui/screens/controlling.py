"""A screen from which a conversation is controlled: run to the end or to a breakpoint, paused, supposed otherwise."""

from __future__ import annotations

from functools import partial

from explorer.errors import Problem
from explorer.model import Response
from explorer.standing import next_request
from explorer.ui.screens.finding import FindingScreen

BREAKPOINTS = (
    "surprise: at the first answer that is not what the specification wants first\n"
    "before WORDS: before the step with these words in its title, as in: before close\n"
    "or a filter: ~s 4xx   ~h OCI-Chunk-Min-Length   ~m PATCH & ~s 202"
)


class ControllingScreen(FindingScreen):
    """Runs, pauses, and supposes."""

    breakpoint = "surprise"

    def action_run(self) -> None:
        """Send everything to the end."""
        self.selected = 0
        self.begin("run")

    def action_run_until(self) -> None:
        """Ask where to stop, and run to there."""
        from explorer.breakpoints import parse_breakpoint
        from explorer.ui.screens.asking import Ask

        question = Ask("Run until…", BREAKPOINTS, self.breakpoint, parse_breakpoint)
        self.app.push_screen(question, self._run_until)

    def _run_until(self, text: str | None) -> None:
        from explorer.breakpoints import parse_breakpoint

        if text is not None:
            self.breakpoint = text
            self.selected = 0
            self.begin("run", until=parse_breakpoint(text))

    def action_pause(self) -> None:
        """End a run after the exchange that is under way."""
        self._bench.pause()
        self.remark("A pause: nothing follows the exchange that is under way.")

    def action_stop(self) -> None:
        """Stop what is being sent."""
        self.stop()

    def action_suppose(self) -> None:
        """Type an answer as if the registry had given it: to the next request, or to the selected one instead."""
        from explorer.ui.screens.what_if import WhatIf

        state = self.state
        if state is None:
            return
        if self.selected:
            exchange = state.exchange(self.selected)
            screen = WhatIf(f"exchange {exchange.id}, {exchange.title}", exchange.response, exchange.request)
        elif state.pending:
            screen = WhatIf(state.pending.title, None, next_request(state))
        else:
            return
        self.app.push_screen(screen, partial(self._suppose, self.selected))

    def _suppose(self, instead_of: int, response: Response | None) -> None:
        if response is None:
            return
        try:
            self.state = self._bench.suppose(response, instead_of)
        except Problem as problem:
            self.say(problem.sentence)
            return
        self.selected = 0
        self.pane("request")
