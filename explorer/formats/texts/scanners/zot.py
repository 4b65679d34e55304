"""The log of a zot registry: JSON, one entry for each request."""

from __future__ import annotations

from explorer.formats.drafts import Draft
from explorer.formats.texts.durations import seconds_of
from explorer.formats.texts.entries import Entry
from explorer.formats.texts.log_scanner import LogScanner
from explorer.model import Connection, Header, Response, Timings, wire_text


class Zot(LogScanner):
    """The log of a zot registry."""

    name = "zot"
    title = "log of a zot registry"
    field = "statusCode"

    def take(self, number: int, entry: Entry) -> bool:
        """Take the entry of a request."""
        method, path, status = entry.text("method"), entry.text("path"), entry.fields.get("statusCode")
        if entry.message != "HTTP API" or not method or not isinstance(status, int) or not 100 <= status <= 999:
            return False
        draft = Draft(number, method, target=path or "/", basis="inferred")
        headers = entry.fields.get("headers")
        for name, values in headers.items() if isinstance(headers, dict) else ():
            texts = values if isinstance(values, list) else [values]
            draft.headers += [Header(wire_text(str(name)), wire_text(str(text))) for text in texts]
        draft.authority = draft.header("host")
        draft.connection = Connection(local=entry.text("clientIP"))
        took = seconds_of(entry.text("latency"))
        draft.timings = Timings(entry.time - (took or 0.0) if entry.time else 0.0, finished=took)
        draft.unknown |= {"request.headers", "request.authorization", "headers.order", "request.body"}
        draft.response = Response(status, "", "HTTP/1.1")
        draft.unknown.discard("response.status")
        self.context.assembly.open(draft)
        self.context.assembly.close(draft)
        return True
