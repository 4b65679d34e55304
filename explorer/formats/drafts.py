"""An exchange under way: what a text has told of it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from explorer.errors import InputError
from explorer.formats.commands.words import Holes
from explorer.formats.titles import title_of
from explorer.model import (
    Body,
    Connection,
    Exchange,
    Failure,
    Header,
    Headers,
    Note,
    Origin,
    Request,
    Response,
    Timings,
    Unkept,
    body_size,
    sha256_of,
)
from explorer.spec.references import parse_origin

UNKNOWN_ORIGIN = Origin("http", "unknown.invalid", 80)
"""What stands where a source does not tell where a request went; such a name can never be reached."""

_NO_TIMINGS, _NO_CONNECTION = Timings(), Connection()

NOTHING_TOLD = ("response.status", "response.headers", "response.body")


@dataclass(slots=True, eq=False)
class Draft:
    """What is known of one exchange; the lists grow while the text is read. Each is equal to itself alone."""

    line: int
    method: str = ""
    origin: Origin | None = None
    target: str = ""
    upload: str = ""  # the path of the upload that it opened, where something tells that beside a Location
    authority: str = ""  # the Host header, where that is all that tells the origin
    where: str = ""  # the authority as it was written, where something of it is not told
    headers: list[Header] = field(default_factory=list)
    body: Body = b""
    sent_head: bytes = b""
    sent_size: int = 0  # bytes of the body that were seen to leave
    response: Response | None = None
    received_head: bytes = b""
    error: Failure | None = None
    timings: Timings = _NO_TIMINGS
    connection: Connection = _NO_CONNECTION
    basis: str = "observed"
    unknown: set[str] = field(default_factory=lambda: set(NOTHING_TOLD))
    notes: list[Note] = field(default_factory=list)
    follows: bool = False  # whether the client follows redirects by itself
    keeps_method: bool = True  # whether it stays the same through a redirect
    fill: Holes | None = None  # what the holes of its texts stand for
    is_done: bool = False  # nothing more can come

    def note(self, kind: str, words: str, value: str = "") -> None:
        """Add a note; the same one is not added twice."""
        note = Note(kind, words, value)
        if note not in self.notes:
            self.notes.append(note)

    def answered(self, response: Response, head: bytes = b"") -> None:
        """Take an answer with its headers; its body may come later."""
        self.response = response
        self.received_head += head
        self.unknown -= {"response.status", "response.headers"}

    def header(self, name: str) -> str:
        """Return the value of a request header; empty where there is none."""
        for row in self.headers:
            if row.name.lower() == name:
                return row.value
        return ""

    def request(self) -> Request:
        """Return the request, with signs for what is not told."""
        return Request(
            self.method or "?",
            self.origin or UNKNOWN_ORIGIN,
            self.target or "?",
            Headers(tuple(self.headers)),
            self.body,
        )

    def exchange(self, request: Request, id: int, after: int, *, has_line: bool = True) -> Exchange:
        """Return the exchange of that request, under that id and after that other one; a note names its line."""
        title, spec = title_of(request)
        if self.origin is None:
            self.unknown.add("request.origin")
        unknown = self.unknown - set(NOTHING_TOLD) if self.error else self.unknown
        size = body_size(self.body)
        return Exchange(
            id=id,
            after=after,
            title=title if self.target else "an answer without its request",
            proposed=request,
            request=request,
            response=self.response,
            error=self.error,
            sent_head=self.sent_head,
            received_head=self.received_head,
            sent_size=size,
            sent_sha256=sha256_of(self.body) if isinstance(self.body, bytes) and size else "",
            timings=self.timings,
            connection=self.connection,
            spec=spec,
            basis=self.basis,
            unknown=tuple(sorted(unknown)),
            notes=(*self.notes, *((self._line_note(),) if has_line else ())),
        )

    def _line_note(self) -> Note:
        return Note("source-line", f"It begins in line {self.line} of what was imported.", f"{self.line}")


def body_of_size(size: int, source: str) -> Body:
    """Return what stands for a body of which a source tells the size (in bytes) alone."""
    return Unkept(size, "", source) if size else b""


def told_size(length: str | None) -> int | None:
    """Return the size in bytes that a Content-Length tells; None where there is none, or it is no possible one."""
    return int(length) if length and length.isascii() and length.isdigit() and len(length) < 19 else None


def split_url(url: str) -> tuple[Origin | None, str]:
    """Return the origin of a URL and its target, exactly as it stands; no origin where it has none that is possible."""
    scheme, mark, rest = url.partition("://")
    if not mark or scheme.lower() not in ("http", "https"):
        return None, url
    authority = rest.partition("/")[0].partition("?")[0].partition("#")[0]
    target = rest[len(authority) :].partition("#")[0]
    if not target.startswith("/"):
        target = f"/{target}"
    return origin_of(authority.rpartition("@")[2], scheme.lower()), target


@lru_cache(1024)
def origin_of(authority: str, scheme: str) -> Origin | None:
    """Return the origin for the value of a Host header; None where it can be none."""
    try:
        return parse_origin(authority, scheme, plain_http=True)
    except (InputError, ValueError):
        return None
