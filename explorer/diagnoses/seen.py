"""An exchange as a rule sees it: its parts by short names, read once, and everything that was known before it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property

from explorer.decoders.upload_state import UploadState, state_of
from explorer.diagnoses.history import History
from explorer.diagnoses.logged import logged_errors, logged_words
from explorer.diagnoses.outcomes import is_refused
from explorer.diagnoses.uploads import Upload, bytes_sent
from explorer.errors import Stuck
from explorer.model import Exchange, Headers, Origin, Place, Request, Slice, Unkept
from explorer.recognition import who_answered
from explorer.spec.challenges import Challenge, parse_challenges
from explorer.spec.errors import RegistryError, parse_errors
from explorer.spec.locations import resolve
from explorer.spec.paths import Named, path_named

_LONGEST_TEXT = 64 * 1024
_VARIABLE = re.compile(r"/?(?:\$\w+|\$\{\w+\}|\{\{[^{}]+\}\})(?=\?)")
_LEFT_OUT = re.compile(r"(?i)REDACTED|\.\.\.|\xe2\x80\xa6|\u2026|\*{3,}|\[masked")
_DIGEST = re.compile(r"[?&]digest=([^&?]*)")


class Seen:
    """One exchange and what is known before it. `is_draft` says that it has not been sent yet."""

    def __init__(
        self,
        exchange: Exchange,
        history: History,
        *,
        may_read: bool = False,
        is_draft: bool = False,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.exchange = exchange
        self.history = history
        self.may_read = may_read
        self.is_draft = is_draft
        self.notes = notes
        self.id = exchange.id
        self.request = exchange.request
        self.response = exchange.response
        self.method = exchange.request.method
        self.target = exchange.request.target
        self.status = exchange.status
        self.named = path_named(self.target)
        """What the target names."""
        self.kind = self.named.kind
        """The kind of the endpoint."""
        self.is_refused = is_refused(exchange)
        """Whether it failed, in a way that is not part of the normal course."""
        # By names in small letters: a hundred rules ask for a few headers each.
        self._sent = _first_values(exchange.request.headers)
        self._answered = _first_values(exchange.response.headers) if exchange.response else {}

    @property
    def worked(self) -> bool:
        """Whether it was answered with a 2xx."""
        return 200 <= self.status < 300

    @property
    def is_in_trouble(self) -> bool:
        """Whether it failed, or has no answer yet, so that one may warn of what would fail."""
        return self.is_draft or self.is_refused or (self.response is None and self.exchange.error is None)

    def knows(self, part: str) -> bool:
        """Say whether the source tells a part of the exchange (request.headers, response.body and so on)."""
        unknown = self.exchange.unknown
        return part not in unknown and not (part == "request.authorization" and "request.headers" in unknown)

    def q(self, name: str) -> str | None:
        """Return the value of a request's header."""
        return self._sent.get(name.lower())

    def r(self, name: str) -> str | None:
        """Return the value of an answer's header."""
        return self._answered.get(name.lower())

    def is_missing(self, name: str) -> bool:
        """Say whether a request certainly went without a header."""
        return self.q(name) is None and self.knows("request.headers")

    @cached_property
    def text(self) -> str:
        """The body of the answer as text, at most 64 KiB of it; empty where it was not kept."""
        body = self.response.body if self.response else b""
        return "" if isinstance(body, Slice | Unkept) else body[:_LONGEST_TEXT].decode("utf-8", "replace")

    @cached_property
    def errors(self) -> tuple[RegistryError, ...]:
        """What the registry says is wrong."""
        body = self.response.body if self.response else b""
        if self.status < 400 or isinstance(body, Slice | Unkept) or len(body) > _LONGEST_TEXT * 16:
            return ()
        return parse_errors(body) if body or self.knows("response.body") else logged_errors(self.exchange)

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes of all errors."""
        return frozenset(error.code for error in self.errors)

    def detail(self, *codes: str) -> str:
        """Return the detail of the first error of one of those codes; of the first at all where none is named."""
        return next((e.detail for e in self.errors if not codes or e.code in codes), "")

    def says(self, *words: str) -> bool:
        """Say whether the answer's body, or what a log has of it, or the failure's sentence has one of the words in it.

        Case does not matter.
        """
        return any(word.lower() in self._said for word in words)

    @cached_property
    def _said(self) -> str:
        error = self.exchange.error
        return f"{self.text}\n{logged_words(self.exchange)}\n{error.sentence if error else ''}".lower()

    @cached_property
    def who(self) -> str:
        """Who made the answer: registry, proxy, or empty where that cannot be told."""
        return who_answered(self.response) if self.response else ""

    @cached_property
    def challenges(self) -> tuple[Challenge, ...]:
        """The challenges of the answer."""
        return parse_challenges(self.response.headers) if self.response else ()

    @cached_property
    def state(self) -> UploadState | None:
        """What the `_state` of the target says."""
        return state_of(self.target)

    @cached_property
    def upload(self) -> Upload | None:
        """The upload session that the target names."""
        return self.history.uploads.find(self.target)

    @cached_property
    def digest(self) -> str:
        """The digest in the query, percent-decoded, also where a second '?' stands before it; empty for none."""
        found = _DIGEST.search(self.target)
        return found[1].replace("%3A", ":").replace("%3a", ":") if found else ""

    def tells(self, part: str) -> bool:
        """Say whether a part of the target stands as it was sent: nothing of it masked, shortened, or left open."""
        open_ = (note.value for note in self.exchange.notes if note.kind == "hole" and note.value)
        return not _LEFT_OUT.search(part) and not any(value in part for value in open_)

    @cached_property
    def variable(self) -> str:
        """The script's variable that stands in the place of the path, as in `$LOCATION?digest=…`; empty for none."""
        found = _VARIABLE.match(self.target)
        return found[0] if found else ""

    @property
    def size(self) -> int:
        """How many bytes of body were sent, as far as it is known."""
        return bytes_sent(self.exchange)

    @cached_property
    def location(self) -> tuple[Origin, str] | None:
        """Where the answer's Location leads; None where there is none, or it is no address."""
        if self.response is None or not self.r("Location"):
            return None
        try:
            return resolve(self.request, self.r("Location"))
        except Stuck:
            return None

    @cached_property
    def location_named(self) -> Named:
        """What the answer's Location names."""
        return path_named(self.location[1] if self.location else "")

    @property
    def registry(self) -> str:
        """The registry's name; empty where it is not known."""
        return self.history.recogniser.registry

    @property
    def generation(self) -> str:
        """Which distribution is underneath, 2 or 3; empty where it is not known."""
        return self.history.recogniser.generation

    @property
    def client(self) -> str:
        """The client's name; empty where it is not known."""
        return self.history.recogniser.client

    @property
    def proxy(self) -> str:
        """The name of the proxy in front; empty where none shows itself."""
        return self.history.recogniser.proxy

    def at_target(self, start: int = 0, end: int = 0) -> Place:
        """Return a place in the target; the whole without numbers."""
        return Place(self.id, "request.target", "", start, end)

    def at_query(self, name: str) -> Place:
        """Return the place of a query parameter's value; the whole target where it has none."""
        mark = self.target.find("?")
        for sign in ("?", "&"):
            at = self.target.find(f"{sign}{name}=", max(mark, 0))
            if at >= 0:
                start = at + len(name) + 2
                end = re.compile("[&?]").search(self.target, start)
                return self.at_target(start, end.start() if end else len(self.target))
        return self.at_target()

    def at_header(self, name: str, start: int = 0, end: int = 0) -> Place:
        """Return a place in a request's header."""
        return Place(self.id, "request.header", name, start, end)

    def at_answer(self, name: str = "", start: int = 0, end: int = 0) -> Place:
        """Return a place in an answer's header; its status without a name."""
        return Place(self.id, "response.header" if name else "response.status", name, start, end)

    def at_body(self, words: str = "") -> Place:
        """Return the place of words in the answer's body; the whole where they are not there."""
        body = self.response.body if self.response else b""
        start = body.find(words.encode()) if words and isinstance(body, bytes) else -1
        return Place(self.id, "response.body", "", max(start, 0), start + len(words.encode()) if start >= 0 else 0)

    @property
    def at_failure(self) -> Place:
        """The place of the failure that left the exchange without an answer."""
        return Place(self.id, "error")

    def to(self, url: str) -> Request:
        """Return the request going to another URL instead, its Host header with it where the origin differs."""
        try:
            origin, target = resolve(self.request, url)
        except Stuck:
            return self.request
        changed = replace(self.request, origin=origin, target=target)
        return changed if origin == self.request.origin else _with(changed, "Host", origin.authority)

    def with_target(self, target: str) -> Request:
        """Return the request with another target."""
        return replace(self.request, target=target)

    def with_header(self, name: str, value: str) -> Request:
        """Return the request with a header set."""
        return _with(self.request, name, value)

    def without_header(self, *names: str) -> Request:
        """Return the request without headers of those names."""
        return replace(self.request, headers=self.request.headers.without(*names))


def _first_values(headers: Headers) -> dict[str, str]:
    return {row.name.lower(): row.value for row in reversed(headers.rows)}


def _with(request: Request, name: str, value: str) -> Request:
    headers: Headers = request.headers.set(name, value)
    return replace(request, headers=headers)
