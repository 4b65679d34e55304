"""What command lines, transcripts and dumped heads tell together: which answer belongs to which request.

Commands wait for the requests that a transcript shows for them, and both wait for answers. Answers that are dumped
without their requests are given to the commands before them: in order where there are as many, else to the last ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from explorer.formats.commands.words import may_be
from explorer.formats.drafts import Draft
from explorer.formats.texts.assembly import Assembly
from explorer.formats.texts.follow_ups import follow_up, orphan, share_origin
from explorer.formats.texts.heads import REQUEST_LINE, Head
from explorer.formats.texts.lanes import MOST_LANES, UNCERTAIN, Lane
from explorer.formats.texts.pairing import Answer, chains_of, guessed, hand_over, is_the_same, show, take, troubled
from explorer.formats.texts.statuses import told_status
from explorer.model import Body, Connection, Failure, Response, Unkept

KEPT_BODY = 64 * 1024
"""So many bytes of a body are kept; of a longer one, its size."""


@dataclass(slots=True)
class Conversation:
    """Commands, requests and answers in the order in which a text tells them."""

    assembly: Assembly
    connection: Connection = field(default_factory=Connection)
    _commands: list[Draft] = field(default_factory=list)  # not yet shown as requests, not yet answered
    _answers: list[Answer] = field(default_factory=list)
    _shown: Draft | None = None  # the last request that a transcript has shown
    _informed: bytes = b""  # the 1xx heads before an answer
    _last: Draft | Answer | None = None  # what a body belongs to
    _lane: str = ""  # which of the transfers that run at once the last line was of
    _parked: dict[str, Lane] = field(default_factory=dict)  # the others, in the order in which they were left
    _unnamed: int = 0
    _tunnel: Head | None = None  # a request to a proxy for a tunnel, whose answer has not come

    def switch(self, lane: str) -> None:
        """Go on in another of the transfers that run at once; `lane` is whatever tells them apart."""
        if lane == self._lane:
            return
        other = self._parked.pop(lane, Lane())
        self._park(self._lane)
        self._lane, self.connection = lane, other.connection
        self._shown, self._informed, self._last = other.shown, other.informed, other.last

    def moved(self, lane: str) -> None:
        """Hear that the last answer came over that connection: it is of the request that went over it."""
        other, draft = self._parked.get(lane), self._shown
        if lane == self._lane and draft:
            draft.notes = [note for note in draft.notes if note.words != UNCERTAIN]
        if lane == self._lane or not other or not other.lacks_answer or not draft or self._last is not draft:
            return
        assert other.shown, "one that lacks an answer has been shown"
        hand_over(draft, other.shown)
        self.switch(lane)
        self._last = self._shown

    def command(self, drafts: list[Draft]) -> None:
        """Take the requests of a command line."""
        if self._answers:
            self._resolve()
        self._tunnel = None
        self._finish_all()
        for draft in drafts:
            self._commands.append(self.assembly.open(draft))
        self._last = None

    def sent(self, head: Head) -> Draft | None:
        """Take a request that a transcript shows; None for one that a proxy be a tunnel, until that is refused."""
        found = REQUEST_LINE.fullmatch(head.first)
        assert found, "a request line has been matched before"
        if self._answers:
            self._resolve()
        if self._shown and self._shown.response is None and self._shown.error is None:
            self._unnamed += 1
            self._park(f"{self._lane}~{self._unnamed}")
        self._finish_shown()
        self._tunnel = head if found[1] == "CONNECT" else None
        if self._tunnel:
            return None
        return self._let_show(head, self._command_of(found[1], found[2]))

    def _let_show(self, head: Head, draft: Draft | None) -> Draft:
        found = REQUEST_LINE.fullmatch(head.first)
        assert found, "a request line has been matched before"
        draft = draft or self.assembly.open(Draft(head.line))
        show(draft, found[1], found[2], head)
        draft.connection = self.connection
        self._shown = draft
        self._last = None
        self._informed = b""
        return draft

    def _end_tunnel(self, *, is_open: bool) -> bool:
        """Hear what came of a tunnel: one that was not opened is an exchange. False where none was asked for."""
        head, self._tunnel = self._tunnel, None
        if head is not None and not is_open:
            self._let_show(head, None)
        return head is not None

    def received(self, head: Head) -> None:
        """Take the head of an answer."""
        response = head.response()
        if response.status < 200 and response.status != 101:
            self._informed += head.raw()
            return
        if self._end_tunnel(is_open=response.status < 300) and response.status < 300:
            return
        raw, self._informed = self._informed + head.raw(), b""
        if self._shown and self._shown.response:
            waiting = next((name for name, lane in self._parked.items() if lane.lacks_answer), None)
            if waiting is None and is_the_same(self._shown.response, response):
                return
            if waiting is not None:
                self.switch(waiting)
                assert self._shown, "one that lacks an answer has been shown"
                self._shown.note("order-uncertain", UNCERTAIN)
        draft = self._shown
        if draft and draft.response is None and draft.error is None:
            draft.answered(response, raw)
            self._last = draft
        else:
            self._finish_shown()
            self._last = Answer(head.line, response, raw)
            self._answers.append(self._last)
        for name in head.rejoined:
            if draft:
                draft.note("rejoined", f"The line of {name} was broken, and is joined again.", f"response {name}")

    @property
    def awaits_body(self) -> Response | None:
        """The answer whose body may follow; None where there is none."""
        response = self._last.response if self._last else None
        return response if response and not response.body else None

    @property
    def last_method(self) -> str:
        """The method of the request whose answer came last, where that is known."""
        return self._last.method if isinstance(self._last, Draft) else ""

    def body(self, line: int, data: bytes) -> bool:
        """Take the body of the last answer, or errors that have no head; False where it is neither."""
        if self._last and self._last.response and not self._last.response.body:
            self._last.response = self._last.response.with_body(data)
            return True
        told = told_status(data)
        waits = self._commands or (self._shown and self._shown.response is None)
        if not told or not waits:
            return False
        status, words = told
        response = Response(status, "", "HTTP/1.1", body=data)
        draft = self._shown
        if draft and draft.response is None:
            draft.response = response
            guessed(draft, words)
            self._last = draft
        else:
            self._last = Answer(line, response, code=words)
            self._answers.append(self._last)
        return True

    def sent_data(self, data: bytes, size: int) -> None:
        """Take bytes of a request's body as a trace shows them: those that are kept of `size` bytes."""
        draft = self._shown
        if draft is None:
            return
        before = draft.body
        if (
            isinstance(before, bytes)
            and len(data) == size
            and len(before) + size <= KEPT_BODY
            and not draft.sent_size > len(before)
        ):
            draft.body = before + data
        else:
            draft.body = Unkept(draft.sent_size + size, "", "not kept")
        draft.sent_size += size
        draft.unknown.discard("request.body")

    def mend_sent(self, mend: Callable[[bytes], tuple[bytes, str]]) -> None:
        """Let the body of the last request be what `mend` makes of it, with the words that it has for it."""
        draft = self._shown
        if draft and draft.body and isinstance(draft.body, bytes):
            draft.body, words = mend(draft.body)
            if words:
                draft.note("guessed", words, "request.body")

    def got_data(self, body: Body, words: str = "") -> None:
        """Take the body of an answer as a trace shows it, and what is to be said of it."""
        if self._last and self._last.response:
            self._last.response = self._last.response.with_body(body)
            if words and isinstance(self._last, Draft):
                self._last.note("guessed", words, "response.body")

    def failed(self, line: int, failure: Failure) -> None:
        """Take what a client says when it gives up: in place of an answer, or after one that it has got already."""
        self._end_tunnel(is_open=False)
        if self._shown and self._shown.response is None:
            self._shown.error = failure
            self._finish_shown()
        elif self._shown:
            troubled(self._shown, failure.sentence)
        elif self._answers and not self._lacks_answer:
            self._answers[-1].trouble = failure.sentence
        elif self._commands:
            self._answers.append(Answer(line, error=failure))

    def not_taken(self) -> None:
        """Leave the last command out: its client did not take it, so it has sent nothing."""
        line = self._commands[-1].line if self._commands and not self._answers else 0
        for draft in [draft for draft in self._commands if line and draft.line == line]:
            self._commands.remove(draft)
            self.assembly.withdraw(draft)

    def refused(self, line: int, status: int, reason: str) -> None:
        """Take a status of which a client tells nothing else (`curl -f`)."""
        if self._shown and self._shown.response is None:
            self._shown.response = Response(status, reason, "HTTP/1.1")
            self._shown.unknown.discard("response.status")
        elif self._lacks_answer and not self._shown:
            self._answers.append(Answer(line, Response(status, reason, "HTTP/1.1")))

    @property
    def _lacks_answer(self) -> bool:
        """Whether a command waits for which no answer has come."""
        follows = any(draft.follows for draft in self._commands)
        return len(chains_of(self._answers, len(self._commands), follows)) < len(self._commands)

    def end(self) -> None:
        """Say that the text is through."""
        self._resolve()
        self._finish_all()
        for draft in self._commands:
            self.assembly.close(draft)
        self._commands.clear()

    def _command_of(self, method: str, target: str) -> Draft | None:
        for at, draft in enumerate(self._commands):
            if draft.method == method and may_be(draft.target, target):
                for earlier in self._commands[:at]:
                    self.assembly.close(earlier)
                del self._commands[: at + 1]
                return draft
        return None

    def _park(self, lane: str) -> None:
        """Leave the transfer that was under way, under that name; of too many, the oldest is taken to be through."""
        self._parked[lane] = Lane(self._shown, self._informed, self._last, self.connection)
        self._shown = None
        if len(self._parked) > MOST_LANES:
            self._finish(self._parked.pop(next(iter(self._parked))).shown)

    def _finish_all(self) -> None:
        self._finish_shown()
        parked, self._parked = self._parked, {}
        for lane in parked.values():
            self._finish(lane.shown)
        self._lane = ""

    def _finish_shown(self) -> None:
        self._finish(self._shown)
        self._shown = None

    def _finish(self, draft: Draft | None) -> None:
        if draft:
            self.assembly.close(draft)

    def _resolve(self) -> None:
        """Give the answers that wait to the commands that wait."""
        answers, self._answers = self._answers, []
        commands, self._commands = self._commands, []
        chains = chains_of(answers, len(commands), any(draft.follows for draft in commands))
        without = max(0, len(commands) - len(chains))
        if answers and without:
            for draft in commands:
                words = (
                    "There are more commands than answers; each answer is taken to be of the last commands before it."
                )
                draft.note("order-uncertain", words)
        for draft in commands[:without]:
            self.assembly.close(draft)
        for at, chain in enumerate(chains):
            draft = (
                commands[without + at]
                if at < len(commands)
                else self.assembly.open(orphan(chain[0].response, chain[0].line))
            )
            take(draft, chain[0])
            drafts = [draft]
            for answer in chain[1:]:
                drafts.append(self.assembly.open(follow_up(drafts[-1], answer.line)))
                take(drafts[-1], answer)
            share_origin(drafts)
            for draft in drafts:
                self.assembly.close(draft)
