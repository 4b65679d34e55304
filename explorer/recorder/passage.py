"""A passage: what is known of one exchange while it goes through, and the Exchange that is made of it."""

from __future__ import annotations

import time
from dataclasses import replace

from explorer.model import ClientSide, Connection, Exchange, Failure, Headers, Note, Origin, Request, Response, Timings
from explorer.recorder.kept import BodyFolder, KeptBody
from explorer.recorder.mapping import Way
from explorer.recorder.titles import title_of
from explorer.wire.heads import Head, RequestHead, read_request

NOWHERE = Way(Origin("http", "recorder.invalid", 80), "/")
_NO_CONNECTION = Connection()
_NO_TRAILERS = Headers()


class Passage:
    """Collects the facts of one exchange. Its times are seconds of `time.perf_counter`."""

    def __init__(self, client_head: bytes, client: Connection, folder: BodyFolder | None = None) -> None:
        self.started = time.time()
        self.clock = time.perf_counter()
        self.connected_at: float | None = None
        self.sent_at: float | None = None
        self.first_byte_at: float | None = None
        self.finished_at: float | None = None
        self.client_head = client_head
        self.client = client
        self.way = NOWHERE
        self.proposed_head = b""  # what would have been sent, had nobody changed it
        self.sent_head = b""
        self.received = bytearray()
        self.told = bytearray()
        self.answer: Head | None = None
        self.sent = KeptBody(folder)
        self.got = KeptBody(folder)
        self.trailers = _NO_TRAILERS
        self.connection = _NO_CONNECTION
        self.failure: Failure | None = None
        self.notes: list[Note] = []

    def fail(self, kind: str, sentence: str) -> None:
        """Note why there is no whole answer; the first reason counts."""
        if self.failure is None:
            self.failure = Failure(kind, sentence)

    def note(self, kind: str, words: str, value: str = "") -> None:
        """Note what was done here on the way; `kind` is one of `NOTE_KINDS`."""
        self.notes.append(Note(kind, words, value))

    def finish(self) -> None:
        """Note that it is over."""
        self.finished_at = time.perf_counter()

    def exchange(self) -> Exchange:
        """Return the exchange, without an id."""
        head = read_request(self.sent_head or self.proposed_head or self.client_head) or RequestHead(
            "", "", "", Headers(), b""
        )
        body = self.sent.end("sent by the client")
        target = self.way.target if self.sent_head == self.proposed_head else head.target
        request = Request(head.method, self.way.origin, target, head.headers, body)
        proposed = request
        if self.proposed_head and self.proposed_head != self.sent_head and (was := read_request(self.proposed_head)):
            proposed = replace(request, method=was.method, target=was.target, headers=was.headers)
        title, spec = title_of(request.method, request.target) if request.method else ("Not HTTP", "")
        return Exchange(
            id=0,
            after=0,
            title=title,
            proposed=proposed,
            request=request,
            response=self._response(),
            error=self.failure,
            sent_head=self.sent_head,
            received_head=bytes(self.received),
            sent_size=self.sent.size,
            sent_sha256=self.sent.sha256,
            timings=self._timings(),
            connection=self.connection,
            spec=spec,
            client=ClientSide(self.client_head, bytes(self.told), self.client),
            notes=tuple(self.notes),
        )

    def _response(self) -> Response | None:
        body = self.got.end("the answer")
        if self.answer is None:
            return None
        head = self.answer
        return Response(head.status, head.reason, head.version, head.headers, body, self.trailers)

    def _timings(self) -> Timings:
        moments = (self.connected_at, self.sent_at, self.first_byte_at, self.finished_at)
        return Timings(self.started, *(None if moment is None else round(moment - self.clock, 6) for moment in moments))
