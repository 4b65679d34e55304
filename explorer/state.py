"""Where a session stands: everything that can be shown of it, in one frozen value."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.errors import InputError
from explorer.finishing import Finish
from explorer.frozen import frozen
from explorer.model import Exchange, Request, Step
from explorer.stepping import Blocked, Diverged, Done, Outcome


@frozen
class Draft:
    """An edited request: of the pending step (`attempt_of` 0), or to be another attempt of that exchange."""

    request: Request
    attempt_of: int = 0


@frozen
class State:
    """Everything that can be shown. `version` counts up; `path` holds the ids of the exchanges fed to the flow."""

    version: int
    title: str
    recording: str
    exchanges: Sequence[Exchange]
    path: tuple[int, ...]
    outcome: Outcome
    outline: tuple[str, ...]
    draft: Draft | None = None
    finish: Finish | None = None
    listening: str = ""  # what is waited for where others do the sending; empty where nobody else does

    @property
    def pending(self) -> Step | None:
        """The step that comes next; the refused one where the flow is blocked; None where the flow is through."""
        match self.outcome:
            case Step() as step:
                return step
            case Blocked(step=step):
                return step
            case Done() | Diverged():
                return None

    @property
    def planned(self) -> tuple[str, ...]:
        """The titles of the steps that are to follow the pending one, where all goes as the specification wants."""
        if self.pending is None:
            return ()
        title = self.pending.title.removesuffix(" (redirected)")
        start = self.outline.index(title) + 1 if title in self.outline else len(self.outline)
        return self.outline[start:]

    def exchange(self, id: int) -> Exchange:
        """Return the exchange with that id; raises InputError where there is none."""
        if not 1 <= id <= len(self.exchanges):
            raise InputError(f"There is no exchange {id}; the recording has {len(self.exchanges)}.")
        return self.exchanges[id - 1]

    @property
    def status(self) -> int:
        """The exit status for where things stand: 0 done, 1 refused, 3 no connection, 130 left before the end."""
        last = self.exchanges[-1] if self.exchanges else None
        match self.outcome:
            case Done():
                return self.finish.status if self.finish else 0
            case _ if last and last.error and last.error.kind not in ("stopped", "interrupted"):
                return 3
            case Blocked() | Diverged():
                return 1
            case Step():
                return 130
