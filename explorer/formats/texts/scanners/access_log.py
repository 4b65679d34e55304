"""Access logs in the common and the combined format: of nginx, of Apache, and what distribution writes as well."""

from __future__ import annotations

import re
from datetime import datetime

from explorer.formats.drafts import Draft
from explorer.formats.texts.scanning import Scanner
from explorer.model import Connection, Header, Response, Timings

_LINE = re.compile(
    r"(\S{1,100}) \S{1,100} \S{1,100} \[(\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "
    r'"([A-Z]{3,10}) (\S+)(?: (HTTP/\d(?:\.\d)?))?" (\d{3}) (\d{1,18}|-)(?: "([^"]*)" "([^"\\]*(?:\\.[^"\\]*)*)")?(.*)'
)
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: f"{number:02}" for number, name in enumerate(_NAMES, start=1)}


class AccessLog(Scanner):
    """Access logs in the common and the combined format, of nginx and others."""

    name = "access-log"
    title = "access log (common or combined format: nginx, Apache)"
    rank = 4
    needs = {"": '] "'}

    def begins(self, number: int, text: str) -> bool | str:
        """Take a line of an access log."""
        if '] "' not in text[:400]:
            return False
        found = _LINE.fullmatch(text)
        if not found:
            return False
        key = (found[3], found[4], int(found[6]))
        if self.context.completed[key] > 0:
            self.context.completed[key] -= 1
            return True
        status = int(found[6])
        waits = self.context.failures.get((found[3], found[4]))
        is_new = waits is None or (waits.response is not None and "response.status" not in waits.unknown)
        draft = Draft(number, found[3], target=found[4], basis="inferred") if is_new or waits is None else waits
        draft.headers = [Header("User-Agent", found[9])] if found[9] and found[9] != "-" else []
        draft.connection = Connection(local=found[1])
        draft.timings = Timings(_time(found[2]))
        draft.unknown |= {"request.headers", "request.authorization"}
        draft.unknown |= {"request.body"} if found[3] in ("PUT", "POST", "PATCH") else set()
        draft.response = Response(status, "", found[5] or "HTTP/1.0")
        draft.notes = [note for note in draft.notes if note.kind != "status-guessed"]
        draft.unknown.discard("response.status")
        if found[7] in ("0", "-") or found[3] == "HEAD":
            draft.unknown.discard("response.body")
        draft.note("server-said", f"The server sent {found[7]} bytes of body.", found[7])
        if is_new:
            self.context.assembly.open(draft)
        if is_new and status >= 400:
            self.context.keep_failure(draft)
        else:
            self.context.assembly.close(draft)
        return True


def _time(text: str) -> float:
    """Return a time like `23/Nov/2026:09:37:45 +0000` in seconds since 1970; 0 where there is no such time."""
    month = _MONTHS.get(text[3:6], "00")
    try:
        return datetime.fromisoformat(
            f"{text[7:11]}-{month}-{text[:2]}T{text[12:20]}{text[21:24]}:{text[24:]}"
        ).timestamp()
    except (ValueError, OverflowError):
        return 0.0
