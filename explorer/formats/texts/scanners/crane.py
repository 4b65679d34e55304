"""The log of `crane -v` and of whatever else is built on go-containerregistry: four entries for each exchange.

`--> METHOD URL`, a dump of the request, `<-- STATUS URL (TIME)`, a dump of the answer; entries of uploads that run at
once interleave. What is not shown is said: `[body redacted: …]`. A failure is `<-- ERROR METHOD URL (TIME)`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from explorer.formats.drafts import Draft, told_size
from explorer.formats.texts.durations import seconds_of
from explorer.formats.texts.go_failures import kind_of
from explorer.formats.texts.heads import REQUEST_LINE, STATUS_LINE, Head
from explorer.formats.texts.log_scanner import Waiting, drafted
from explorer.formats.texts.scanning import Context, Scanner
from explorer.model import Failure, Response, Timings

_TIME = re.compile(r"(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d)(?:\.\d+)? ")
_GOING = re.compile(r"--> ([A-Z]{3,10}) (\S+)(?: \[body redacted: (.*)\])?")
_COMING = re.compile(r"<-- (\d{3}) (\S+) \(([^)\s]{1,40})\)(?: \[body redacted: (.*)\])?")
_FAILED = re.compile(r"<-- (.{1,2000}) ([A-Z]{3,10}) (\S+) \(([^)\s]{1,40})\)(?: \[body redacted: .*\])?")
_TELLING = re.compile(r"(?:retrying|existing|mounted|pushed) (?:blob|manifest|without mount)?:? ?|https? lost race")
_FIRST = frozenset("0123456789-<")
_MOST_BODY = 64 * 1024


class Crane(Scanner):
    """The log of crane -v, and of tools built on go-containerregistry (ko, kaniko, cosign)."""

    name = "crane"
    title = "log of crane -v (and of ko, kaniko, cosign)"
    rank = 3
    firsts = "0123456789-<"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._unsent = Waiting()  # no dump of the request yet
        self._unanswered = Waiting()
        self._undumped = Waiting()  # the status is known, the dump of the answer is not
        self._head: Head | None = None
        self._draft: Draft | None = None  # whose dump is being read
        self._body: list[str] = []
        self._missing = 0  # bytes of the body that are still to come

    def begins(self, number: int, text: str) -> bool | str:
        """Take the first line of an entry."""
        return self._entry(number, text, _TIME.match(text))

    def _entry(self, number: int, text: str, found: re.Match[str] | None) -> bool | str:
        rest = text[found.end() :] if found else text
        if rest.startswith("--> "):
            return self._going(number, rest, _seconds(found[1]) if found else 0.0)
        if rest.startswith("<-- "):
            return self._coming(number, rest)
        if found is None:
            return False
        self._end_dump()
        if first := REQUEST_LINE.fullmatch(rest):
            return self._dumped_request(number, rest, first)
        if status := STATUS_LINE.fullmatch(rest):
            return self._dumped_answer(number, rest, status)
        return bool(_TELLING.match(rest))

    def goes_on(self, number: int, text: str) -> bool | str:
        """Take a line of a dump."""
        if text[:1] in _FIRST and ((found := _TIME.match(text)) or text.startswith(("--> ", "<-- "))):
            return self._entry(number, text, found)
        if self._head is not None:
            return self._head_line(number, text)
        if self._missing > 0:
            self._body.append(text)
            self._missing -= len(text) + 1
            return True
        return not text

    def goes_through(self, texts: list[str], at: int) -> int:
        """Take the header lines of a dump."""
        return self._head.add_all(texts, at) if self._head else 0

    def end(self) -> None:
        """Hand on the dump that was being read."""
        self._end_dump()

    def finish(self) -> None:
        """Hand on what still waits for an answer, or for its dump."""
        for waiting in (self._unanswered, self._undumped):
            for draft in waiting.all():
                self.context.assembly.close(draft)

    def _going(self, number: int, text: str, time: float) -> bool:
        found = _GOING.fullmatch(text.rstrip())
        self._end_dump()
        if not found:
            return False
        draft = self.context.assembly.open(drafted(number, found[1], found[2], time))
        draft.unknown.add("request.headers")
        if found[3]:
            draft.note("elided", f"The body was left out by the client: {found[3]}.", "request.body")
        self._unsent.add((found[1], draft.target), draft)
        self._unanswered.add(found[2], draft)
        return True

    def _coming(self, number: int, text: str) -> bool:
        self._end_dump()
        text = text.rstrip()
        if found := _COMING.fullmatch(text):
            draft = self._unanswered.take(found[2])
            if draft is None:
                draft = self.context.assembly.open(drafted(number, "?", found[2]))
                draft.unknown |= {"request.method", "request.headers"}
            draft.answered(Response(int(found[1]), "", "HTTP/1.1"))
            draft.unknown.add("response.headers")
            _time(draft, found[3])
            if found[4]:
                draft.note("elided", f"The body was left out by the client: {found[4]}.", "response.body")
            self._undumped.add(found[1], draft)
            return True
        if found := _FAILED.fullmatch(text):
            draft = self._unanswered.take(found[3]) or self.context.assembly.open(drafted(number, found[2], found[3]))
            draft.error = Failure(kind_of(found[1]), f"The client says: {found[1]}.")
            _time(draft, found[4])
            self.context.assembly.close(draft)
            return True
        return False

    def _dumped_request(self, number: int, text: str, first: re.Match[str]) -> bool:
        self._draft = self._unsent.take((first[1], first[2]))
        self._head = Head(number, text)
        return True

    def _dumped_answer(self, number: int, text: str, status: re.Match[str]) -> bool:
        self._draft = self._undumped.take(status[2], "status")
        self._head = Head(number, text)
        return True

    def _head_line(self, number: int, text: str) -> bool | str:
        head = self._head
        assert head, "the caller has looked"
        if text.strip():
            if head.add(text):
                return True
            self._end_head()
            return self.goes_on(number, text)
        self._end_head()
        return True

    def _end_head(self) -> None:
        head, self._head = self._head, None
        draft = self._draft
        if head is None or draft is None:
            return
        is_answer = head.is_answer
        is_bodiless = draft.method == "HEAD" if is_answer else draft.method in ("GET", "HEAD", "DELETE")
        part = "response.body" if is_answer else "request.body"
        if is_bodiless or any([note.kind == "elided" and note.value == part for note in draft.notes]):
            self._missing = 0
        else:
            length = head.length()
            self._missing = length if length <= _MOST_BODY else 0
        if is_answer:
            draft.response = head.response()
            draft.received_head = head.raw()
            draft.unknown -= {"response.status", "response.headers"}
        else:
            draft.headers = head.rows
            draft.sent_head = head.raw()
            draft.unknown.discard("request.headers")
        self._is_answer = is_answer

    def _end_dump(self) -> None:
        self._end_head()
        draft, self._draft = self._draft, None
        body, self._body, self._missing = "\n".join(self._body), [], 0
        if draft is None:
            return
        data = body.encode("latin-1", "replace")
        if self._is_answer:
            if draft.response and data:
                draft.response = draft.response.with_body(_cut(data, draft.response.headers.get("Content-Length")))
            self.context.assembly.close(draft)
        elif data:
            draft.body = _cut(data, draft.header("content-length"))
            draft.unknown.discard("request.body")

    _is_answer = False


def _cut(data: bytes, length: str | None) -> bytes:
    """Return a body without the line end that its dump was ended with."""
    return data[: told_size(length)]


def _time(draft: Draft, took: str) -> None:
    seconds = seconds_of(took)
    if seconds is not None:
        draft.timings = Timings(draft.timings.started, finished=seconds)


@lru_cache(64)
def _seconds(text: str) -> float:
    """Return a time in seconds since 1970; the log has no time zone, and UTC is taken."""
    try:
        return datetime.strptime(text, "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0
