"""What `curl -v` prints: `>` for what was sent, `<` for what came, `*` for notes."""

from __future__ import annotations

import re
from dataclasses import replace

from explorer.formats.texts.heads import HEADER_LINE, REQUEST_LINE, STATUS_LINE, Head
from explorer.formats.texts.scanning import Context, Scanner
from explorer.model import Connection, Failure

BLANKS = " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0"
"""What `\\s` matches of latin-1."""

PREFIX = re.compile(r"(?:\d\d:\d\d:\d\d\.\d{6} )?(?:\[[\dx-]+\] )?([><*])(?: (.*)|$)", re.DOTALL)
_DATA = re.compile(r"(?:\d\d:\d\d:\d\d\.\d{6} )?(?:\[[\dx-]+\] )?[{}] \[\d+ bytes data\]")
_CONNECTED = re.compile(
    r"Connected to (\S+) \(([^)]*)\) port (\d+)|Established connection to (\S+) \(([^ )]*) port (\d+)\)"
)
_TLS = re.compile(r"SSL connection using (\S+) / (\S+)")
_ALPN = re.compile(r"ALPN: server accepted (\S+)")
_MARKS = re.compile(r"[{}]{1,8}(?=[<>*] )")  # of data that passed, whose line was not finished (curl -Z)
_FAILED = re.compile(r"curl: \((\d+)\) (.*)")
_REFUSED = re.compile(r"The requested URL returned error: ([1-9]\d\d)(?: (.{0,200}))?")
_NOT_TAKEN = re.compile(r"curl: (option .{1,200}: .{1,80}|no URL specified.*)|curl: \(2\) (.*)")
_TRY = re.compile(r"curl: try 'curl --(?:help|manual)'")
_REUSED = re.compile(r"Re-?using existing (?:\S+ )?connection")
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
    """What curl -v prints, with or without times and ids, and what it says when it fails; progress is passed over."""

    name = "curl-v"
    title = "output of curl -v"
    firsts = "0123456789[><*{}c%D" + BLANKS

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._head: Head | None = None

    def begins(self, number: int, text: str) -> bool | str:
        """Take a line with curl's prefix, a failure of curl's, or a line of its progress meter."""
        if text[:1] in ("{", "}"):
            text = _MARKS.sub("", text)
        if found := PREFIX.match(text):
            return self._line(number, found[1], found[2] or "", begun=self._head is not None)
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
        return self._head is not None and self._head.rejoin(text)

    def end(self) -> None:
        """Hand on the head that was being read."""
        head, self._head = self._head, None
        if head is None:
            return
        if head.is_answer:
            self.context.conversation.received(head)
        else:
            self.context.conversation.sent(head)

    def _line(self, number: int, sign: str, rest: str, *, begun: bool) -> bool:
        if sign == "*":
            self._note(rest)
            return begun or bool(rest)
        first = REQUEST_LINE if sign == ">" else STATUS_LINE
        if first.fullmatch(rest) and (sign == "<" or "/" in rest or "*" in rest):
            self.end()
            self._head = Head(number, rest)
            return True
        if self._head is None or self._head.is_answer != (sign == "<"):
            return not rest.strip() or bool(HEADER_LINE.fullmatch(rest) and sign == "<")
        if not rest.strip():
            self.end()
            return True
        return self._head.add(rest)

    def _failed(self, number: int, code: str, words: str) -> None:
        if code == "22" and (refused := _REFUSED.match(words)):
            self.context.conversation.refused(number, int(refused[1]), (refused[2] or "").strip())
            return
        kind = KINDS.get(int(code) if len(code) < 4 else 0, "closed")
        self.context.conversation.failed(number, Failure(kind, f"curl says ({code}): {words}"))

    def _note(self, text: str) -> None:
        conversation = self.context.conversation
        if found := _CONNECTED.match(text):
            self.end()
            host, port = found[2] or found[5], found[3] or found[6]
            peer = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            conversation.connection = Connection(peer=peer)
        elif found := _TLS.match(text):
            conversation.connection = replace(conversation.connection, tls=found[1], cipher=found[2])
        elif found := _ALPN.match(text):
            conversation.connection = replace(conversation.connection, alpn=found[1])
        elif _REUSED.match(text):
            conversation.connection = replace(conversation.connection, reused=True)
