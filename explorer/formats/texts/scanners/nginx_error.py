"""The error log of nginx: why it refused a request, or what its upstream did; the access log has the status."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from explorer.formats.drafts import Draft
from explorer.formats.texts.scanning import Scanner
from explorer.model import Connection, Response, Timings

_LINE = re.compile(
    r"(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[([a-z]{3,8})\] \d{1,10}#\d{1,10}: (?:\*\d{1,19} )?(.*?), "
    r'client: ([^,\s]{1,100}), server: [^,]{0,300}, request: "([A-Z]{3,10}) (\S+)(?: (HTTP/\d(?:\.\d)?))?"(.*)'
)
_HOST = re.compile(r', host: "([^"\s]{1,300})"')
_STATUSES = (
    ("client intended to send too large", 413),
    ("upstream timed out", 504),
    ("no live upstreams", 502),
    ("connect() failed", 502),
    ("upstream prematurely closed connection while reading response header", 502),
    ("upstream sent too big header", 502),
    ("upstream sent invalid header", 502),
    ("no resolver defined", 502),
    ("SSL_do_handshake() failed", 502),
    ("limiting requests", 503),
    ("limiting connections", 503),
    ("access forbidden", 403),
)
"""What nginx answers for what it complains of (its modules' defaults)."""


class NginxError(Scanner):
    """The error log of nginx; a line of the access log about the same request is the same exchange."""

    name = "nginx-error"
    title = "error log of nginx"
    rank = 4
    firsts = "2"
    needs = {"": "#"}

    def begins(self, number: int, text: str) -> bool | str:
        """Take a line of nginx's error log that names a request."""
        if text[:2] != "20" or "#" not in text[:60]:
            return False
        found = _LINE.fullmatch(text)
        if not found:
            return False
        draft = self.context.failures.get((found[5], found[6])) or self._draft(number, found)
        if draft.response is None and (status := _status(found[3])):
            draft.response = Response(status, "", found[7] or "HTTP/1.0")
            draft.note("status-guessed", f"The status is not told; nginx answers so for: {found[3]}.", found[3])
        if host := _HOST.search(found[8]):
            draft.authority = host[1]
        draft.note("server-said", f"nginx says ({found[2]}): {found[3]}.", found[3])
        return True

    def _draft(self, number: int, found: re.Match[str]) -> Draft:
        draft = Draft(number, found[5], target=found[6], basis="inferred")
        draft.connection = Connection(local=found[4])
        draft.timings = Timings(_time(found[1]))
        draft.unknown |= {"request.headers", "request.authorization"}
        draft.unknown |= {"request.body"} if found[5] in ("PUT", "POST", "PATCH") else set()
        self.context.keep_failure(self.context.assembly.open(draft))
        return draft


def _status(message: str) -> int:
    return next((status for words, status in _STATUSES if words in message), 0)


def _time(text: str) -> float:
    """Return a time in seconds since 1970; the log has no time zone, and UTC is taken."""
    try:
        return datetime.strptime(text, "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0
