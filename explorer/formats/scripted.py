"""Requests that files describe for other tools: with variables, and bodies that may lie in other files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from explorer.formats.commands.words import Hole, Holes
from explorer.formats.drafts import NOTHING_TOLD, Draft, split_url
from explorer.formats.importers import Imported, session_of
from explorer.formats.links import Links
from explorer.formats.remarks import Remarks
from explorer.formats.settling import settle
from explorer.formats.shelves import Gathering
from explorer.model import Header

_TEMPLATE = re.compile(r"\{\{\s*([^{}\n]{1,200}?)\s*\}\}")
_DEEPEST = 10


@dataclass(slots=True)
class Described:
    """A request as a file describes it, in the words of the file."""

    line: int
    method: str = "GET"
    url: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    query: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""
    files: list[str] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Script:
    """The requests of a file, made exchanges without answers."""

    variables: dict[str, str] = field(default_factory=dict)
    dropped: Remarks = field(default_factory=Remarks)
    exchanges: Gathering = field(default_factory=Gathering)
    _links: Links = field(default_factory=Links)

    def add(self, described: Described) -> None:
        """Add a request."""
        holes = Holes()
        draft = Draft(described.line, described.method, basis="inferred", unknown=set(NOTHING_TOLD), fill=holes)
        url = self._filled(described.url, holes)
        for name, value in described.query:
            url += f"{'&' if '?' in url else '?'}{name}={self._filled(value, holes)}"
        draft.origin, draft.target = split_url(url)
        draft.headers = [Header(name, self._filled(value, holes)) for name, value in described.headers]
        if draft.origin is None and draft.target.startswith("/"):
            draft.authority = holes.written(draft.header("host"))
        draft.body = holes.written(self._filled(described.body, holes)).encode("latin-1", "replace")
        for name in described.files:
            draft.note("body-file", f"The body comes from the file {name}, which was not read.", name)
            draft.unknown.add("request.body")
        for kind, words, value in described.notes:
            draft.note(kind, words, value)
        settle(draft, self._links, {})
        request = draft.request()
        id = len(self.exchanges) + 1
        exchange = draft.exchange(request, id, self._links.after(request, id))
        self._links.add(exchange)
        self.exchanges.add(replace(exchange))

    def imported(self, format: str, what: str) -> Imported:
        """Return what was read, with its report."""
        guessed = (f"{len(self.exchanges)} exchanges: {what} tell requests, and no answers",)
        understood = (f"{len(self.exchanges)} requests",)
        return Imported(session_of(self.exchanges), format, understood, guessed, self.dropped.lines())

    def _filled(self, text: str, holes: Holes, depth: int = 0) -> str:
        """Return a text with the variables of the file put in; what is not among them becomes a hole."""

        def value(found: re.Match[str]) -> str:
            known = self.variables.get(found[1])
            if known is None or depth >= _DEEPEST:
                return holes.add(Hole(found[0], found[1]))
            return self._filled(known, holes, depth + 1)

        return _TEMPLATE.sub(value, text) if "{{" in text else text
