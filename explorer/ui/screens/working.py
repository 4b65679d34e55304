"""A screen that works on a session: it sends in a thread, and what comes back becomes its state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import work
from textual.reactive import reactive
from textual.screen import Screen
from textual.worker import get_current_worker

from explorer.breakpoints import is_surprising
from explorer.errors import Problem
from explorer.insight import Insight
from explorer.state import State
from explorer.stepping import Blocked
from explorer.ui.palettes import action_commands, fault_commands
from explorer.ui.sending import SendingText
from explorer.ui.turns import Free, HoldsBack
from explorer.workbench import Workbench

if TYPE_CHECKING:
    from explorer.breakpoints import Breakpoint

_QUICK_SECONDS = 0.15
"""An exchange that is through by then is shown at once, without a word about the sending."""

WAITING = ("send", "edit", "undo", "replay", "go_on", "run", "run_until", "suppose", "mend")
"""Actions whose keys wait while a request is under way: what they do depends on the answer."""


class WorkingScreen(HoldsBack, Screen[None]):
    """Holds a workbench, its state, and what is selected in it; sends without blocking the screen."""

    COMMANDS = Screen.COMMANDS | {action_commands, fault_commands}

    state: reactive[State | None] = reactive(None, repaint=False)
    selected: reactive[int] = reactive(0, repaint=False)
    sending: reactive[str] = reactive("", repaint=False)

    def __init__(self, workbench: Workbench, remark: str = "") -> None:
        super().__init__()
        self._bench = workbench
        self._remark = remark
        self.is_busy = False
        self._typed = ""
        self.insight = Insight(workbench.session.call)

    def drawn_soon(self) -> None:
        """Draw what changed; each screen has its own way."""

    def sent(self) -> None:
        """Show what came back; each screen has its own way."""

    def say(self, sentence: str) -> None:
        """Say why something could not be done."""
        self.app.bell()
        self.remark(sentence)

    def has_faults(self) -> bool:
        """Say whether the other side has faults to be switched, as the built-in registry and the recorder have."""
        return self._bench.faults is not None

    def show_faults(self) -> None:
        """Show the faults of the other side."""
        from explorer.ui.screens.faults import FaultsScreen

        if self._bench.faults:
            self.app.push_screen(FaultsScreen(self._bench.faults))

    def remark(self, sentence: str) -> None:
        """Say something in the line below the panes, until something else happens."""
        self._remark = sentence
        self.drawn_soon()

    def holds_back(self, action: str) -> bool:
        """Say whether a key has to wait until the answer is there."""
        return self.is_busy and action in WAITING

    def shows_typed(self, keys: Sequence[str], why: str) -> None:
        """Show which keys wait, or that they were dropped."""
        typed = " ".join(keys)
        self._typed = "" if why or not keys else f"then {typed} (escape drops them)"
        if why:
            self._remark = f"{self._remark} Typed ahead and not taken, because {why}: {typed}.".lstrip()
        self.drawn_soon()

    @property
    def under_way(self) -> str:
        """How far what is being sent is, and which keys wait for its end."""
        if not self.is_busy:
            return ""
        said = self.sending or ("sending" if self._typed else "")
        return "; ".join(filter(None, (said, self._typed, self._remark)))

    def begin(self, what: str, id: int = 0, until: Breakpoint | None = None) -> None:
        """Send: the next step, a replay of an exchange, or a run to the end or to a breakpoint."""
        self._remark = ""
        self.is_busy = True
        self.set_timer(_QUICK_SECONDS, self._still_sending)
        self._send(what, id, until)

    def stop(self) -> None:
        """Stop what is being sent."""
        self.workers.cancel_group(self, "wire")
        self._bench.stop()

    def _still_sending(self) -> None:
        if self.is_busy and not self.sending:
            self.sending = "waiting for the answer"

    @work(thread=True, group="wire", exit_on_error=False, description="send")
    def _send(self, what: str, id: int, until: Breakpoint | None) -> None:
        worker = get_current_worker()
        progress = SendingText(lambda text: self.app.call_from_thread(setattr, self, "sending", text))
        problem = said = ""
        try:
            if what == "run":
                for state in self._bench.run(progress, until=until):
                    self.app.call_from_thread(self._step_done, state)
                    if worker.is_cancelled:
                        break
                    if until and until(state) and state.pending and not isinstance(state.outcome, Blocked):
                        said = f"The run has stopped after exchange {len(state.exchanges)}, as was asked for."
            elif what == "replay":
                self._bench.replay(id, progress)
            else:
                self._bench.send(progress)
        except Problem as found:
            problem = found.sentence
        self.app.call_from_thread(self._through, problem, said)

    def _step_done(self, state: State) -> None:
        self.state = state

    def _through(self, problem: str, said: str) -> None:
        self.is_busy = False
        self._remark = said or self._remark
        self.sending = self._typed = ""
        before = len(self.state.exchanges) if self.state else 0
        self.state = self._bench.state
        is_new = len(self.state.exchanges) > before
        if problem:
            self.say(problem)
        elif self.state.pending is None or (self.selected and is_new):
            self.selected = len(self.state.exchanges)
        if not problem:
            self.sent()
        self.drawn_soon()
        self.post_message(Free("nothing came of it" if problem else self._surprise(self.state)))

    def _surprise(self, state: State) -> str:
        """Say what came back that has to be seen before anything else is sent; empty: nothing."""
        is_refused = isinstance(state.outcome, Blocked) or (state.exchanges and is_surprising(state.exchanges[-1]))
        return "the answer is a surprise" if is_refused else ""
