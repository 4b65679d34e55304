"""A session that is shown while its file is still being read.

Until the end is reached nothing can be sent, and no flow is behind the exchanges; then it is worked on as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from explorer.flows import Flow
from explorer.formats.importing import Growing
from explorer.formats.session import SessionWriter
from explorer.model import Session
from explorer.sending import Wire
from explorer.state import State
from explorer.stepping import Done, Walk, outline
from explorer.workbench import Workbench

Furnish = Callable[[Session], tuple[Callable[[], Flow[object]], Wire]]
"""Gives the flow behind a session, and what sends for it."""


class GrowingWorkbench(Workbench):
    """Works on a session whose file is read by `read_on`."""

    def __init__(
        self,
        title: str,
        growing: Growing,
        furnish: Furnish,
        start_recording: Callable[[Session], SessionWriter],
        recording: str,
        when_done: Callable[[object], str] | None,
    ) -> None:
        """Take a file that is being read, and what gives the flow and the client of a session that was read."""
        session = growing.opened.session
        flow, wire = furnish(session)
        super().__init__(title, replace(session, exchanges=()), flow, wire, start_recording, recording, when_done)
        self._growing: Growing | None = growing
        self._resources.callback(growing.close)
        self._furnish = furnish
        self._broke = ""
        self.remark = ""
        """What is to be said of the file, once it was read."""
        self._show_more()

    @property
    def is_reading(self) -> bool:
        """Whether the file was not read to its end yet."""
        return self._growing is not None

    def read_on(self) -> Iterator[State]:
        """Read the file to its end, or until it is stopped; yields what there is so far again and again."""
        growing = self._growing
        while growing and not growing.is_through and not self._is_stopped:
            try:
                growing.read_on()
            except OSError as bad:
                self._broke = f"The file cannot be read further: {bad.strerror}."
                break
            yield self._show_more()
        self._settle()
        yield self.state

    def _show_more(self) -> State:
        exchanges = self._growing.opened.session.exchanges if self._growing else self.state.exchanges
        share = self._growing.share if self._growing else 1.0
        before = self.state.path
        path = (*before, *range(len(before) + 1, len(exchanges) + 1))
        words = f"reading the file: {share:.0%}"
        return self._show(exchanges=exchanges, path=path, outcome=Done(None), outline=(), listening=words)

    def _settle(self) -> None:
        """Let the flow go through what was read."""
        if self._growing is None:
            return
        opened = self._growing.opened
        count = len(opened.session.exchanges)
        stopped = self._broke or f"Stopped: the first {count} exchanges are shown."
        self.remark = opened.remark if self._growing.is_through else stopped
        if self._session.call.flow:
            self._flow, self._wire = self._furnish(opened.session)
            self._resources.callback(self._wire.close)
            self._walk = Walk(self._flow)
        before = self.state
        self.state = replace(
            before, exchanges=opened.session.exchanges, path=(), outcome=self._walk.outcome, listening=""
        )
        self._show(outline=outline(self._flow))
        self._follow_all()
        self._growing = None
        self._is_stopped = False
