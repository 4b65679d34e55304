"""Logs of dockerd with the containerd store, of containerd, nerdctl and buildkit: two entries for each exchange."""

from __future__ import annotations

import re

from explorer.formats.texts.entries import Entry
from explorer.formats.texts.log_scanner import LogScanner, Waiting, drafted, status_of
from explorer.formats.texts.scanning import Context
from explorer.model import Header, Headers, Response, Timings

_SECOND = re.compile(r"\.\d{1,3}$")
_TELLING = (
    "upload changed destination",
    "unexpected response",
    "registry did not send",
    "Unauthorized",
    "retrying request",
)


class Containerd(LogScanner):
    """Logs of dockerd, containerd, nerdctl and buildkit at debug level, as text or as JSON."""

    name = "containerd"
    title = "log of dockerd, containerd, nerdctl or buildkit (debug level)"
    field = "url"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._waiting = Waiting()

    def take(self, number: int, entry: Entry) -> bool:
        """Take the entry of a request or of an answer."""
        url = entry.text("url")
        if entry.message == "do request" and url:
            draft = drafted(number, entry.text("request.method") or "GET", url, entry.time, basis="inferred")
            draft.headers = _headers(entry, "request.header.")
            draft.unknown |= {"request.authorization", "headers.order"}
            self._waiting.add(_key(entry), self.context.assembly.open(draft))
            return True
        if entry.message in ("fetch response received", "fetch response") and url:
            self._answer(number, entry, url)
            return True
        waits = self._waiting.first(_key(entry))
        if waits and entry.message == "unexpected response" and status_of(entry.text("status"))[0]:
            self._unexpected(entry)
            return True
        if waits and (entry.message.startswith(_TELLING) or entry.level.startswith(("err", "warn", "fata"))):
            waits.note("client-said", f"The client's log says: {entry.message}.", entry.message)
            return True
        return False

    def _unexpected(self, entry: Entry) -> None:
        """Take an answer of which the log tells status and body alone."""
        draft = self._waiting.take(_key(entry))
        assert draft, "the caller has looked"
        status, reason = status_of(entry.text("status"))
        draft.response = Response(status, reason, "HTTP/1.1", body=entry.text("body").encode("latin-1", "replace"))
        draft.unknown.discard("response.status")
        draft.note("client-said", f"The client's log says: {entry.message}.", entry.message)
        self.context.assembly.close(draft)

    def _answer(self, number: int, entry: Entry, url: str) -> None:
        draft = self._waiting.take(_key(entry))
        if draft is None:
            draft = self.context.assembly.open(drafted(number, "?", url, entry.time, basis="inferred"))
            draft.unknown |= {"request.method", "request.headers", "request.authorization"}
        status, reason = status_of(entry.text("response.status"))
        if status:
            draft.answered(Response(status, reason, "HTTP/1.1", Headers(tuple(_headers(entry, "response.header.")))))
        if entry.time and draft.timings.started:
            draft.timings = Timings(draft.timings.started, first_byte=max(0.0, entry.time - draft.timings.started))
        self.context.assembly.close(draft)


def _key(entry: Entry) -> tuple[str, str]:
    return entry.text("spanID"), entry.text("url")


def _headers(entry: Entry, front: str) -> list[Header]:
    names = (name for name in entry.fields if name.startswith(front))
    return [Header(_SECOND.sub("", name[len(front) :]), entry.text(name)) for name in names]
