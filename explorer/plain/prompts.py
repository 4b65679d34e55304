"""Line mode: the same stepping as questions and answers, for screen readers, scripts, slow links and CI.

Each command is a file of `commands/`. After each one it is said where the conversation stands: the whole next step
where it is a new one, else a line. Nothing is drawn, and nothing is drawn over.
"""

from __future__ import annotations

from collections.abc import Iterator

from explorer.errors import Ended, Problem
from explorer.jobs.session_options import SessionOptions
from explorer.plain.commands import command_named
from explorer.plain.desk import NO_OPTIONS, Ask, Desk, Say, Work
from explorer.plain.running import ending, warning_lines
from explorer.plain.telling import request_told, step_told
from explorer.standing import next_sources
from explorer.state import State
from explorer.stepping import Blocked
from explorer.visible import visible
from explorer.workbench import Workbench

WELCOME = "Enter sends the next request. help lists the commands, help WORD explains one, quit leaves."
_USAGE = 2


class Prompts:
    """Asks for commands and does them."""

    def __init__(
        self, workbench: Workbench, say: Say, ask: Ask, options: SessionOptions = NO_OPTIONS, *, is_script: bool = False
    ) -> None:
        """Begin with a session, which stays the caller's to close.

        `is_script` says that nobody sits there: a command that could not be done then counts in the exit status, and
        an interrupt at a prompt ends the program.
        """
        self._say: Say = lambda line: say(visible(line))
        self._desk = Desk([Work.on(workbench)], self._say, ask, options)
        self._is_script = is_script
        self._has_failed = False
        self._told: tuple[int, int] = (-1, -1)

    def run(self) -> int:
        """Ask until the user leaves or the input ends; returns the exit status, of the session at hand then."""
        desk = self._desk
        self._say(WELCOME)
        try:
            while not desk.is_left:
                desk.say_all(self._where())
                if not self._asked():
                    break
            self._say(ending(desk.state))
            status = desk.work.status
        finally:
            desk.close()
        for recording in desk.recordings:
            self._say(f"Recording: {recording}")
        return _USAGE if self._has_failed and self._is_script and not status else status

    def _asked(self) -> bool:
        """Ask for a command and do it; False at the end of the input."""
        try:
            words = self._desk.ask("> ").split(maxsplit=1)
            self._do(words[0] if words else "send", words[1] if len(words) > 1 else "")
        except EOFError:
            return False
        except Ended:
            raise
        except KeyboardInterrupt:
            if self._is_script:
                raise
            self._desk.work.look_anew()
            self._say("Interrupted. quit leaves.")
        return True

    def _do(self, word: str, argument: str) -> None:
        try:
            for line in command_named(word).does(self._desk, argument):
                self._say(line)
        except Problem as problem:
            self._has_failed = True
            self._say(problem.sentence)

    def _where(self) -> Iterator[str]:
        """Yield where the session at hand stands: in full where that is new, else in a line."""
        desk = self._desk
        now = (desk.current, desk.state.version)
        if now == self._told:
            yield standing_line(desk.state)
            return
        self._told = now
        yield from next_told(desk)


def next_told(desk: Desk) -> Iterator[str]:
    """Yield what goes out next, and what would fail of it; or how the conversation has ended."""
    state = desk.state
    yield from warning_lines(state)
    draft, step = state.draft, state.pending
    if draft and draft.attempt_of:
        yield f"Next: another attempt of exchange {draft.attempt_of}, edited"
        yield from request_told(draft.request, "The request")
        yield from stale_told(desk)
        yield from desk.advice.before(draft.request)
        return
    if isinstance(state.outcome, Blocked):
        yield state.outcome.sentence
    if step is None:
        yield ending(state)
        return
    request = draft.request if draft else step.request
    yield from step_told(step, request, _place(state), is_edited=draft is not None)
    if draft:
        yield "(edited; undo drops the edits)"
    yield from stale_told(desk)
    if draft or state.exchanges:
        yield from desk.advice.before(request, is_edited=draft is not None)


def stale_told(desk: Desk) -> Iterator[str]:
    """Yield which values of the next request a newer answer has replaced."""
    for source in next_sources(desk.state, desk.insight) if desk.state.exchanges else ():
        if source.stale:
            yield f"STALE: its {source.span.role} is the {source.words}; exchange {source.stale} has a newer one."


def standing_line(state: State) -> str:
    """Return where a conversation stands, in a line."""
    if state.draft and state.draft.attempt_of:
        return f"Next: another attempt of exchange {state.draft.attempt_of}, edited."
    if state.pending is None:
        return ending(state)
    return f"Next: {_place(state)}, {state.pending.title}{', edited' if state.draft else ''}."


def _place(state: State) -> str:
    number = len(state.path) + 1
    return f"Step {number} of {number + len(state.planned)}"
