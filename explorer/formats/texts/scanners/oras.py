"""The log of `oras --debug`: requests and answers with numbers, headers in the order of a lottery.

Since 1.3 an entry begins `[TIME][LEVEL]: --> Request #0`; before, it is an entry of logrus, `Request #0`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from explorer.formats.drafts import Draft
from explorer.formats.texts.entries import parse_entry, parse_time, unquoted
from explorer.formats.texts.go_failures import kind_of
from explorer.formats.texts.log_scanner import drafted, status_of
from explorer.formats.texts.scanning import Context, Scanner
from explorer.model import Failure, Header, Headers, Response, Timings

_ENTRY = re.compile(r"\[(\d{4}-\d\d-\d\dT[^\]]{1,40})\]\[(\w{1,10})\]: (.*)")
_MARK = re.compile(r"(?:--> |<-- )?(Request|Response) #(\d{1,9})(.*)", re.DOTALL)
_LINE = re.compile(
    r"[<>] (Request URL|Request method|Request headers|Response [Ss]tatus|Response headers|Response body):? ?(.*)"
)
_HEADER = re.compile(r'\s+"?([!#$%&\'*+.^_`|~0-9A-Za-z-]{1,100})"?: (.*)')
_BARE = re.compile(r"time=\"?([^\s\"]{1,40})\"? level=\w+ msg=((?:Request|Response) #\d{1,9})\s*")
_NO_BODY = re.compile(r"\s*(?:No response body|Response body )")
_MOST = 4096
_MOST_BODY = 64 * 1024


class Oras(Scanner):
    """The log of oras --debug, of old and of new releases; requests and answers have numbers."""

    name = "oras"
    title = "log of oras --debug"
    rank = 3
    firsts = "[tDIWE{"
    needs = {"[": "", "": "#"}

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._drafts: dict[str, Draft] = {}
        self._number = ""
        self._line = 0
        self._time = 0.0
        self._values: dict[str, str] = {}
        self._rows: list[Header] = []
        self._body: list[str] | None = None
        self._size = 0
        self._kind = ""

    def begins(self, number: int, text: str) -> bool | str:
        """Take the first line of an entry."""
        if found := _ENTRY.fullmatch(text):
            return self._start(number, parse_time(found[1]), found[3])
        if text.startswith("time=") and (bare := _BARE.fullmatch(text)):
            return self._start(number, parse_time(bare[1]), bare[2])
        if (
            "#" in text
            and "Re" in text
            and text[:1] in "tDIWE{"
            and (entry := self.context.entry(number, text, parse_entry))
        ):
            return bool(_MARK.match(entry.message)) and self._start(number, entry.time, entry.message)
        return False

    def goes_on(self, number: int, text: str) -> bool | str:
        """Take a line of an entry."""
        if not self._kind:
            return self.begins(number, text)
        if _ENTRY.match(text) or (text[:5] in ("time=", "DEBU[", "INFO[", "WARN[", "ERRO[")):
            self.end()
            return self.begins(number, text)
        if self._body is None and (found := _LINE.fullmatch(text)):
            name = found[1].lower()
            if name == "response body":
                self._body = [found[2]] if found[2] else []
            else:
                self._values[name] = unquoted(found[2].strip())
            return True
        if self._body is not None:
            self._size += len(text)
            if self._size <= _MOST_BODY:
                self._body.append(text)
            return True
        if self._kind == "Response" and _NO_BODY.match(text):
            self._body = [text]
            return True
        if found := _HEADER.fullmatch(text):
            self._rows += [Header(found[1], value) for value in _values(found[2])]
            return True
        if text.startswith("Error in getting response: "):
            self._values["error"] = text.removeprefix("Error in getting response: ")
            return True
        return not text.strip()

    def end(self) -> None:
        """Make a request or an answer of the entry that was being read."""
        kind, self._kind = self._kind, ""
        if kind == "Request":
            self._request()
        elif kind == "Response":
            self._response()

    def finish(self) -> None:
        """Hand on what has no answer in the log."""
        for draft in self._drafts.values():
            self.context.assembly.close(draft)
        self._drafts.clear()

    def _start(self, number: int, time: float, message: str) -> bool:
        self.end()
        first, *rest = message.split("\n")
        found = _MARK.fullmatch(first)
        if not found:
            self.context.dropped.add(number, "an entry of a log that tells of no exchange")
            return True
        self._kind, self._number, self._line, self._time = found[1], found[2], number, time
        self._values, self._rows, self._body, self._size = {}, [], None, 0
        for line in rest:
            self.goes_on(number, line)
        return True

    def _request(self) -> None:
        method, url = self._values.get("request method", "GET"), self._values.get("request url", "")
        draft = drafted(self._line, method, url, self._time)
        draft.headers = self._rows
        draft.unknown.add("headers.order")
        old = self._drafts.pop(self._number, None)
        if old:
            self.context.assembly.close(old)
        if len(self._drafts) >= _MOST:
            self.context.assembly.close(self._drafts.pop(next(iter(self._drafts))))
        self._drafts[self._number] = self.context.assembly.open(draft)

    def _response(self) -> None:
        draft = self._drafts.pop(self._number, None)
        if draft is None:
            draft = self.context.assembly.open(Draft(self._line, basis="inferred"))
            draft.unknown |= {"request.method", "request.target", "request.headers", "request.body"}
        status, reason = status_of(self._values.get("response status", ""))
        if status:
            draft.answered(Response(status, reason, "HTTP/1.1", Headers(tuple(self._rows))))
            self._take_body(draft)
        elif error := self._values.get("error"):
            draft.error = Failure(kind_of(error), f"oras says: {error}")
        if self._time and draft.timings.started:
            draft.timings = Timings(draft.timings.started, finished=max(0.0, self._time - draft.timings.started))
        self.context.assembly.close(draft)

    def _take_body(self, draft: Draft) -> None:
        text = "\n".join(self._body or []).rstrip("\n")
        if _NO_BODY.match(text):
            if "No response body" in text or "is empty" in text:
                draft.unknown.discard("response.body")
        elif text and draft.response and self._size <= _MOST_BODY:
            draft.response = replace(draft.response, body=text.encode("latin-1", "replace"))


def _values(text: str) -> list[str]:
    """Return the values of a header line: each is quoted, several are joined by a comma."""
    parts = re.findall(r'"(?:[^"\\]|\\.)*"', text)
    whole = ", ".join(parts)
    return [unquoted(part) for part in parts] if parts and whole == text.strip() else [unquoted(text.strip())]
