"""The log of `regctl -v trace`, as text or as JSON: one entry after each round trip, headers sorted, no bodies."""

from __future__ import annotations

import re
from functools import lru_cache

from explorer.formats.drafts import Draft
from explorer.formats.texts.entries import Entry
from explorer.formats.texts.go_failures import kind_of
from explorer.formats.texts.log_scanner import LogScanner, drafted, status_of
from explorer.model import Failure, Header, Headers, Response, wire_text

_NAME = re.compile(r"(?:^| )([A-Za-z0-9-]+):\[")
_TYPES = re.compile(r"[\w.+*/;=-]+(?: [\w.+*]+/[\w.+*;=-]+)+")
_SHORT = 100


class Regctl(LogScanner):
    """The log of regctl -v trace; with --logopt json the headers are told apart without doubt."""

    name = "regctl"
    title = "log of regctl -v trace, as text or as JSON"
    field = "req-url"

    def take(self, number: int, entry: Entry) -> bool:
        """Take the entry of a round trip."""
        method, url = entry.text("req-method"), entry.text("req-url")
        if not method or not url:
            return False
        draft = drafted(number, method, url, entry.time)
        draft.headers = _headers(entry.fields.get("req-headers"), draft)
        draft.unknown |= {"headers.order"}
        status, reason = status_of(entry.text("resp-status"))
        if status:
            headers = Headers(tuple(_headers(entry.fields.get("resp-headers"), draft)))
            draft.answered(Response(status, reason, "HTTP/1.1", headers))
        elif error := entry.text("err"):
            draft.error = Failure(kind_of(error), f"regctl says: {error}")
        self.context.assembly.open(draft)
        self.context.assembly.close(draft)
        return True


def _header(name: str, value: str) -> Header:
    return _short_header(name, value) if len(value) < _SHORT else Header(wire_text(name), wire_text(value))


@lru_cache(4096)
def _short_header(name: str, value: str) -> Header:
    """Return a header whose value is short; most come again and again."""
    return Header(wire_text(name), wire_text(value))


def _headers(value: object, draft: Draft) -> list[Header]:
    """Return headers of a JSON object of lists, or of Go's `map[Name:[value] …]`, in which values may be ambiguous."""
    if isinstance(value, dict):
        pairs = [(str(name), texts if isinstance(texts, list) else [texts]) for name, texts in value.items()]
        return [_header(name, str(text)) for name, texts in pairs for text in texts]
    text = str(value or "")
    if not text.startswith("map["):
        return []
    inner = text[4:].removesuffix("]")
    found = [*_NAME.finditer(inner)]
    headers: list[Header] = []
    for at, name in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(inner)
        content = inner[name.end() : end].removesuffix("]")
        if "] " in content:
            draft.note("guessed", f"Where the value of {name[1]} ends is not certain in this log.", name[1])
        values = content.split(" ") if name[1] == "Accept" and _TYPES.fullmatch(content) else [content]
        headers += [Header(name[1], value) for value in values]
    return headers
