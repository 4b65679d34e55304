"""What `curl -v` prints: `>` for what was sent, `<` for what came, `*` for notes."""

from __future__ import annotations

import re
from dataclasses import replace

from explorer.formats.texts.heads import HEADER_LINE, REQUEST_LINE, STATUS_LINE, Head
from explorer.formats.texts.scanning import Context, Scanner
from explorer.model import Connection, Failure

BLANKS = " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0"
"""What `\\s` matches of latin-1."""

PREFIX = re.compile(r"(?:\d\d:\d\d:\d\d\.\d{6} )?(?:\[(\d{1,9}|x)-(?:\d{1,9}|x)\] )?([><*])(?: (.*)|$)", re.DOTALL)
_DATA = re.compile(r"(?:\d\d:\d\d:\d\d\.\d{6} )?(?:\[[\dx-]+\] )?[{}] \[\d+ bytes data\]")
_CONNECTED = re.compile(
    r"Connected to (\S+) \(([^)]*)\) port (\d+)(?: \(#(\d{1,9})\))?"
    r"|Established connection to (\S+) \(([^ )]*) port (\d+)\)"
)
_LEFT = re.compile(r"Connection #(\d{1,9}) to host .{1,300} left intact")
_TLS = re.compile(r"SSL connection using (\S+) / (\S+)")
_ALPN = re.compile(r"ALPN: server accepted (\S+)")
_MARKS = re.compile(r"[{}]{1,8}(?=[<>*] )")  # of data that passed, whose line was not finished (curl -Z)
_BRACES = re.compile(r"[{}]{1,8}[<>* ]")
_FAILED = re.compile(r"curl: \((\d+)\) (.*)")
_REFUSED = re.compile(r"The requested URL returned error: ([1-9]\d\d)(?: (.{0,200}))?")
_NOT_TAKEN = re.compile(r"curl: (option .{1,200}: .{1,80}|no URL specified.*)|curl: \(2\) (.*)")
_TRY = re.compile(r"curl: try 'curl --(?:help|manual)'")
_REUSED = re.compile(r"Re-?using existing (?:\S+ )?connection(?: #(\d{1,9}))?")
_METER = re.compile(r"\s*% Total\s+% Received|\s*Dload\s+Upload|\s*(?:\d+\s+){3}")

KINDS = {
    5: "unreachable",
    6: "unreachable",
    7: "unreachable",
    97: "unreachable",
    28: "timeout",
    35: "tls",
    51: "tls",
    58: "tls",
    59: "tls",
    60: "tls",
    77: "tls",
    83: "tls",
    90: "tls",
    91: "tls",
    8: "not-http",
    1: "not-http",
    52: "closed",
    55: "closed",
    56: "closed",
    18: "closed",
    92: "closed",
    16: "closed",
    23: "stopped",
    26: "unsendable",
    3: "unsendable",
}
"""The kind of failure for curl's exit codes (curl.1, EXIT CODES)."""


class CurlVerbose(Scanner):
    """What curl -v prints, with or without times and ids, and what it says when it fails; progress is passed over.

    Transfers that run at once (`-Z`) are told apart by the ids of `--trace-ids`, else by the numbers of connections.
    """

    name = "curl-v"
    title = "output of curl -v"
    firsts = "0123456789[><*{}c%D" + BLANKS

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._lane = ""  # the id of the transfer that the last line was of, where lines have ids
        self._heads: dict[str, Head] = {}  # those that are being read, one of each transfer

    def begins(self, number: int, text: str) -> bool | str:
        """Take a line with curl's prefix, a failure of curl's, or a line of its progress meter."""
        if text[:1] in ("{", "}"):
            if not _BRACES.match(text):
                return False
            text = _MARKS.sub("", text)
        if found := PREFIX.match(text):
            self._lane = found[1] or ""
            return self._line(number, found[2], found[3] or "", begun=self._lane in self._heads)
        if found := _NOT_TAKEN.match(text):
            self.end()
            self.context.conversation.not_taken()
            words = found[1] or found[2]
            self.context.dropped.add(number, f"curl did not take the command before ({words}), so it sent nothing")
            return True
        if _TRY.match(text):
            return True
        if found := _FAILED.match(text):
            self.end()
            self._failed(number, found[1], found[2])
            return True
        return bool(_DATA.match(text) or _METER.match(text))

    def goes_on(self, number: int, text: str) -> bool | str:
        """Take a line with a prefix, or what a long header was broken into."""
        if self.begins(number, text):
            return True
        return self._lane in self._heads and self._heads[self._lane].rejoin(text)

    def note(self, text: str, lane: str) -> None:
        """Take what curl notes between the messages of a transfer; `lane` is its id, where it has one."""
        self._lane = lane
        self._note(text)

    def end(self) -> None:
        """Hand on the heads that were being read."""
        for lane in [*self._heads]:
            self._end_head(lane)

    def _end_head(self, lane: str) -> None:
        head = self._heads.pop(lane, None)
        if head is None:
            return
        self._enter(lane)
        if head.is_answer:
            self.context.conversation.received(head)
        else:
            self.context.conversation.sent(head)

    def _enter(self, lane: str) -> None:
        if lane:
            self.context.conversation.switch(lane)

    def _line(self, number: int, sign: str, rest: str, *, begun: bool) -> bool:
        if sign == "*":
            self._note(rest)
            return begun or bool(rest)
        first = REQUEST_LINE if sign == ">" else STATUS_LINE
        if first.fullmatch(rest) and (sign == "<" or "/" in rest or "*" in rest):
            self._end_head(self._lane)
            self._heads[self._lane] = Head(number, rest)
            return True
        head = self._heads.get(self._lane)
        if head is None or head.is_answer != (sign == "<"):
            return not rest.strip() or bool(HEADER_LINE.fullmatch(rest) and sign == "<")
        if not rest.strip():
            self._end_head(self._lane)
            return True
        return head.add(rest)

    def _failed(self, number: int, code: str, words: str) -> None:
        if code == "22" and (refused := _REFUSED.match(words)):
            self.context.conversation.refused(number, int(refused[1]), (refused[2] or "").strip())
            return
        kind = KINDS.get(int(code) if len(code) < 4 else 0, "closed")
        self.context.conversation.failed(number, Failure(kind, f"curl says ({code}): {words}"))

    def _note(self, text: str) -> None:
        conversation = self.context.conversation
        if found := _CONNECTED.match(text):
            self._end_head(self._lane)
            self._enter(self._lane or (f"#{found[4]}" if found[4] else ""))
            host, port = found[2] or found[6], found[3] or found[7]
            peer = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            conversation.connection = Connection(peer=peer)
        elif found := _LEFT.match(text):
            self._end_head(self._lane)
            if not self._lane:
                conversation.moved(f"#{found[1]}")
        elif found := _REUSED.match(text):
            self._enter(self._lane or (f"#{found[1]}" if found[1] else ""))
            conversation.connection = replace(conversation.connection, reused=True)
        elif found := _TLS.match(text):
            self._enter(self._lane)
            conversation.connection = replace(conversation.connection, tls=found[1], cipher=found[2])
        elif found := _ALPN.match(text):
            self._enter(self._lane)
            conversation.connection = replace(conversation.connection, alpn=found[1])
