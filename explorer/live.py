"""A session that grows by what others send: the recorder's exchanges appear in the state as they happen.

An exchange of it can be sent again, or edited and sent, as in any session; that goes to its origin at once, past the
recorder, and is recorded beside the others.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from explorer.flows import build
from explorer.formats.session import SessionWriter
from explorer.model import Exchange, Session, with_more
from explorer.recorder import Book, Recorder, Recording
from explorer.sending import Wire
from explorer.state import State
from explorer.workbench import Workbench


class LiveWorkbench(Workbench):
    """Works on what a recorder records; `collect` takes over what has happened since."""

    def __init__(
        self,
        wanted: Recording,
        session: Session,
        wire: Wire,
        start_recording: Callable[[Session], SessionWriter],
    ) -> None:
        """Take what is to be recorded, an empty session without a flow, and what sends what is sent again."""
        title = wanted.connection.titled(f"record {wanted.upstream}{wanted.base}")
        super().__init__(title, session, build(session.call), wire, start_recording)
        self.wanted = wanted
        self.problem = ""
        self._came: deque[Exchange] = deque()
        self._lock = threading.Lock()
        self._book = Book(self._write, self._came.append, self._complain)
        self.recorder = Recorder(wanted, self._book)
        self.faults = self.recorder.faults

    def start(self) -> None:
        """Make the recording and listen; raises InputError or FormatError."""
        self.record()
        self.recorder.start()
        self._show(listening=f"waiting for a client at {self.recorder.address.authority}")

    def collect(self) -> State:
        """Take over what has happened, and return the state."""
        with self._lock:
            new = []
            while self._came:
                new.append(self._came.popleft())
            if new:
                exchanges = self.state.exchanges
                for exchange in new:
                    exchanges = with_more(exchanges, exchange)
                self._show(exchanges=exchanges, path=(*self.state.path, *(exchange.id for exchange in new)))
        return self.state

    def end_listening(self, words: str) -> None:
        """Take no more connections; `words` say why."""
        self.recorder.stop()
        with self._lock:
            self._show(listening=words)

    def close(self) -> None:
        """Stop recording, and close what belongs to the session."""
        self.recorder.stop()
        self._book.close()
        super().close()

    def _write(self, exchange: Exchange) -> None:
        if self._writer:
            self._writer.append(exchange)

    def _complain(self, sentence: str) -> None:
        self.problem = sentence

    def _append(self, exchange: Exchange) -> None:
        """Number, record and show an exchange that was made from here."""
        self._book.enter(replace(exchange, title=f"{exchange.title} (sent from here)"))
        self.collect()
        if exchange.error is None:
            with self._lock:
                self._show(draft=None)

    def _follow(self, exchange: Exchange) -> State:
        """Do nothing: there is no flow to go on."""
        del exchange
        return self.state
