"""A session being worked on: send the next step, or an edited one, or an earlier one again.

Life of a step: proposed by the flow → perhaps edited (a draft) → sent → an exchange, recorded → fed to the flow → the
next step. An answer that the flow cannot go on from leaves the step pending, so that it can be mended and sent again;
so does a failure of the network. Nothing is ever removed: a new attempt stands beside the old.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from explorer.errors import InputError
from explorer.finishing import WhenDone, finished
from explorer.flows import Flow
from explorer.formats.session import SessionWriter
from explorer.model import Exchange, Progress, Request, Response, Session, Step, summary_at, with_more
from explorer.sending import Wire, is_spent, send_step
from explorer.state import Draft, State
from explorer.stepping import Blocked, Diverged, Walk, outline
from explorer.supposing import supposed

if TYPE_CHECKING:
    from explorer.faults.switchboard import Switchboard


class Workbench:
    """Works on one session. Methods that send block until the answer is there; `stop` may come from another thread."""

    def __init__(
        self,
        title: str,
        session: Session,
        flow: Callable[[], Flow[object]],
        wire: Wire,
        start_recording: Callable[[Session], SessionWriter],
        recording: str = "",
        when_done: WhenDone | None = None,
    ) -> None:
        """Begin with a session that may have exchanges already; `start_recording` is called before the first send.

        `when_done` is called when something that was sent has made the flow get through.
        """
        self._session = session
        self._flow = flow
        self._wire = wire
        self._start_recording = start_recording
        self._when_done = when_done
        self._writer: SessionWriter | None = None
        self._is_stopped = False
        self.faults: Switchboard | None = None  # of the built-in registry, where that is the other side
        self._resources = ExitStack()
        self._resources.callback(wire.close)
        self._walk = Walk(flow)
        self.state = State(0, title, recording, session.exchanges, (), self._walk.outcome, outline(flow))
        self._follow_all()

    @property
    def session(self) -> Session:
        """The session with all that happened."""
        return replace(self._session, exchanges=self.state.exchanges)

    @property
    def has_recorded(self) -> bool:
        """Whether anything was written to a recording of this workbench's own."""
        return self._writer is not None

    def keep(self, resources: ExitStack) -> None:
        """Take over what has to be closed with this workbench."""
        self._resources.push(resources.pop_all())

    def record(self) -> None:
        """Make the recording's file now, and not at the first send."""
        if self._writer is None:
            self._writer = self._start_recording(self.session)
            self._show(recording=str(self._writer.path))

    def edit(self, request: Request, attempt_of: int = 0) -> State:
        """Keep an edited request as the draft: of the pending step, or of another attempt of an exchange."""
        if attempt_of:
            self.state.exchange(attempt_of)
        elif self.state.pending and request == self.state.pending.request:
            return self.drop_draft()
        return self._show(draft=Draft(request, attempt_of))

    def drop_draft(self) -> State:
        """Forget the draft: the pending step goes out as the flow wants it."""
        return self._show(draft=None)

    def send(self, progress: Progress | None = None) -> State:
        """Send the draft where there is one, else the pending step; raises InputError where there is neither.

        Raises InputError and FormatError, too, for a request that cannot be sent; nothing was, the draft stays.
        """
        draft = self.state.draft
        if draft and draft.attempt_of:
            return self._again(self.state.exchange(draft.attempt_of), draft.request, progress)
        step = self.state.pending
        if step is None:
            raise InputError("The conversation is through; there is no next request. An earlier one can be sent again.")
        if is_spent(step) and not draft and len(self.state.path) > 1:
            self._stand_after(self.state.exchange(self.state.path[-2]))  # before what its body came from
            step = self.state.pending or step
        after = self.state.path[-1] if self.state.path else 0
        for exchange in self._exchanges(step, after, draft.request if draft else None, progress):
            self._arrive(exchange)
        return self._finished()

    def replay(self, id: int, progress: Progress | None = None) -> State:
        """Send the request of an exchange again exactly as it was sent, as a new attempt of its step.

        A draft stays, unless the flow goes on another way from here.
        """
        old = self.state.exchange(id)
        draft, path = self.state.draft, self.state.path
        state = self._again(old, old.request, progress)
        return self._show(draft=draft) if draft and state.path == path else state

    def suppose(self, response: Response, instead_of: int = 0) -> State:
        """Go on as if the pending request, or that of an exchange, had been answered so; nothing is sent.

        Raises InputError where there is no such request. The exchange is recorded as made up.
        """
        if instead_of:
            old = self.state.exchange(instead_of)
            step, request, after = Step(old.title, old.proposed, old.spec), old.request, old.after
        elif self.state.pending:
            step = self.state.pending
            request = self.state.draft.request if self.state.draft else step.request
            after = self.state.path[-1] if self.state.path else 0
        else:
            raise InputError("The conversation is through; there is no next request whose answer could be supposed.")
        self._append(supposed(step, request, response, len(self.state.exchanges) + 1, after))
        self._follow(self.state.exchanges[-1])
        return self._finished()

    def run(
        self,
        progress: Progress | None = None,
        before: Callable[[State], None] | None = None,
        until: Callable[[State], bool] | None = None,
    ) -> Iterator[State]:
        """Send step after step until the flow is through, is refused, or the network fails; yields after each.

        A step that was refused before is tried once more. `before` is called before each is sent; the run ends, too,
        where `until` says so of a state.
        """
        self._is_stopped = False
        while self.state.pending and not self._is_stopped:
            if before:
                before(self.state)
            state = self.send(progress)
            yield state
            if state.exchanges[-1].error or isinstance(state.outcome, Blocked) or (until and until(state)):
                return

    def pause(self) -> None:
        """End a run after the exchange that is under way."""
        self._is_stopped = True

    def stand_after(self, id: int) -> State:
        """Let the flow go on from an earlier attempt; the exchanges since then stay in the recording."""
        exchange = self.state.exchange(id)
        if not self._session.call.flow:
            raise InputError("No flow is behind these exchanges, so none can go on. Send one again, or edit it.")
        self._stand_after(exchange)
        return self.state

    def stop(self) -> None:
        """End the exchange that is under way, and a run with it."""
        self._is_stopped = True
        self._wire.stop()

    def close(self) -> None:
        """Close the recording, the connections and whatever else belongs to this session."""
        if self._writer:
            self._writer.close()
        self._resources.close()

    def _again(self, old: Exchange, request: Request, progress: Progress | None) -> State:
        edited = request if request != old.proposed else None
        pending = self.state.pending
        same = pending if pending and pending.request == old.proposed else None
        step = Step(
            old.title, old.proposed, old.spec, save=same.save if same else None, relay=same.relay if same else None
        )
        for exchange in self._exchanges(step, old.after, edited, progress):
            self._follow(exchange)
        return self._finished()

    def _finished(self) -> State:
        finish = finished(self.state.outcome, self._when_done, self.state.finish)
        return self.state if finish == self.state.finish else self._show(finish=finish)

    def _follow(self, exchange: Exchange) -> State:
        """Let the flow go on from a new exchange, another way where it is an earlier step's and was not refused."""
        if not self._session.call.flow:
            return self._show(path=(*self.state.path, exchange.id))
        if exchange.after == (self.state.path[-1] if self.state.path else 0):
            return self._arrive(exchange)
        if exchange.error is None:
            self._stand_after(exchange, unless_refused=True)
        return self.state

    def _follow_all(self) -> None:
        """Let the flow go through the exchanges that are there, without a state for each."""
        exchanges = self.state.exchanges
        if not self._session.call.flow:
            self._show(path=tuple(range(1, len(exchanges) + 1)))
            return
        path: list[int] = []
        for index in range(len(exchanges)):
            summary = summary_at(exchanges, index)
            goes_on = summary.after == (path[-1] if path else 0) and not summary.is_failed
            if goes_on and isinstance(self._walk.outcome, Diverged):
                path.append(index + 1)
            elif goes_on and not isinstance(self._walk.outcome, Blocked):
                if not isinstance(self._walk.feed(exchanges[index]), Blocked):
                    path.append(index + 1)
            else:
                self._show(outcome=self._walk.outcome, path=tuple(path))
                path = [*self._follow(exchanges[index]).path]
        self._show(outcome=self._walk.outcome, path=tuple(path))

    def _exchanges(
        self, step: Step, after: int, edited: Request | None, progress: Progress | None
    ) -> tuple[Exchange, ...]:
        """Send, record and show: one exchange, or two where one passes the other's body on."""
        self.record()
        came = send_step(self._wire, step, edited or step.request, (len(self.state.exchanges) + 1, after), progress)
        for exchange in came:
            self._append(exchange)
        if any(exchange.error and exchange.error.kind == "interrupted" for exchange in came):
            raise KeyboardInterrupt
        return came

    def _append(self, exchange: Exchange) -> None:
        """Record and show an exchange."""
        self.record()
        try:
            if self._writer:
                self._writer.append(exchange)
        finally:
            draft = self.state.draft if exchange.error else None
            self._show(exchanges=with_more(self.state.exchanges, exchange), draft=draft)

    def _arrive(self, exchange: Exchange) -> State:
        """Feed the flow an exchange that came after the end of the path."""
        if exchange.error:
            return self.state
        if isinstance(self._walk.outcome, Blocked):
            self._walk = Walk(self._flow, self._history(self.state.path))
        outcome = self._walk.feed(exchange)
        path = self.state.path if isinstance(outcome, Blocked) else (*self.state.path, exchange.id)
        return self._show(outcome=outcome, path=path)

    def _stand_after(self, exchange: Exchange, *, unless_refused: bool = False) -> None:
        """Make the way to an exchange the path, where the flow can go that way."""
        path = self._way_to(exchange)
        walk = Walk(self._flow, self._history(path))
        if isinstance(walk.outcome, Blocked):
            if unless_refused:
                return
            path = path[:-1]
        self._walk = walk
        draft = self.state.draft
        self._show(outcome=walk.outcome, path=path, draft=draft if draft and draft.attempt_of else None)

    def _way_to(self, exchange: Exchange) -> tuple[int, ...]:
        way = [] if exchange.error else [exchange.id]
        after = exchange.after
        while after:
            way.append(after)
            after = self.state.exchange(after).after
        return tuple(reversed(way))

    def _history(self, path: tuple[int, ...]) -> list[Exchange]:
        return [self.state.exchange(id) for id in path]

    def _show(self, **changes: object) -> State:
        self.state = replace(self.state, version=self.state.version + 1, **changes)  # type: ignore[arg-type]
        return self.state
