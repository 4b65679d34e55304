"""The log of a registry: distribution 2 and 3, and what is built on it (Harbor, the Debian package)."""

from __future__ import annotations

import re

from explorer.formats.drafts import Draft
from explorer.formats.texts.durations import seconds_of
from explorer.formats.texts.entries import Entry
from explorer.formats.texts.log_scanner import LogScanner
from explorer.formats.texts.scanning import Context
from explorer.model import Connection, Header, Headers, Response, Timings

_COMPLETED = ("response completed", "response completed with error")
_STARTED_AT = re.compile(r"/repositories/(.{1,255})/_uploads/([0-9a-f-]{36})/startedat")
_MOST = 4096


class Distribution(LogScanner):
    """The log of distribution: each request by its id, with what the registry says about it in the notes."""

    name = "distribution"
    title = "log of a registry (distribution 2 and 3)"
    field = "http.request.id"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._drafts: dict[str, Draft] = {}

    def take(self, number: int, entry: Entry) -> bool:
        """Take an entry that names a request."""
        id = entry.text("http.request.id")
        method = entry.text("http.request.method")
        if not id or not method:
            return False
        draft = self._drafts.get(id)
        if draft is None:
            if len(self._drafts) >= _MOST:
                self._close(next(iter(self._drafts)))
            draft = self._drafts[id] = self.context.assembly.open(_draft(number, method, entry))
        if found := _STARTED_AT.search(entry.message):
            draft.upload = f"/v2/{found[1]}/blobs/uploads/{found[2]}"
        if entry.message in _COMPLETED:
            self._complete(draft, entry)
            if entry.message == _COMPLETED[0]:
                self._close(id)
        elif not entry.level.startswith(("debug", "trace")) and entry.message != "authorizing request":
            draft.note("server-said", f"The registry's log says: {entry.message}.", entry.message)
        return True

    def end(self) -> None:
        """Nothing: requests go on after lines of other kinds."""

    def finish(self) -> None:
        """Hand on what has no completion in the log."""
        for id in [*self._drafts]:
            self._close(id)

    def _close(self, id: str) -> None:
        self.context.assembly.close(self._drafts.pop(id))

    def _complete(self, draft: Draft, entry: Entry) -> None:
        status = entry.text("http.response.status")
        if entry.message == _COMPLETED[1]:
            parts = [entry.text(name) for name in ("err.code", "err.message", "err.detail") if entry.text(name)]
            draft.note("server-said", f"The registry's log says: {', '.join(parts)}.", entry.text("err.code"))
        if draft.response is None and len(status) == 3 and status.isascii() and status.isdigit():
            rows = [Header("Content-Type", entry.text("http.response.contenttype"))]
            headers = Headers(tuple(row for row in rows if row.value))
            draft.response = Response(int(status), "", "HTTP/1.1", headers)
            draft.unknown.discard("response.status")
            if draft.method == "HEAD" or entry.text("http.response.written") == "0":
                draft.unknown.discard("response.body")
            self.context.completed[(draft.method, entry.text("http.request.uri"), int(status))] += 1
        took = seconds_of(entry.text("http.response.duration"))
        if took is not None and entry.time:
            draft.timings = Timings(entry.time - took, finished=took)


def _draft(number: int, method: str, entry: Entry) -> Draft:
    draft = Draft(number, method, target=entry.text("http.request.uri") or "/", basis="inferred")
    draft.authority = entry.text("http.request.host")
    named = (
        ("Host", "http.request.host"),
        ("User-Agent", "http.request.useragent"),
        ("Content-Type", "http.request.contenttype"),
        ("Referer", "http.request.referer"),
    )
    draft.headers = [Header(name, entry.text(field)) for name, field in named if entry.text(field)]
    draft.connection = Connection(local=entry.text("http.request.remoteaddr"), peer=draft.authority)
    draft.timings = Timings(entry.time)
    draft.unknown |= {"request.headers", "request.authorization", "headers.order"}
    draft.unknown |= {"request.body"} if method in ("PUT", "POST", "PATCH") else set()
    return draft
