"""The nouns: what is sent, what came back, and what is kept of it.

Text of the wire is held as `str` with one character per byte (latin-1), so that nothing is lost or guessed;
`wire_text` turns what a person typed (UTF-8) into that form. Everything here is frozen: an edit is a new value,
an attempt is never overwritten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple


def wire_text(typed: str) -> str:
    """Return typed text as one character per byte of its UTF-8 form."""
    return typed.encode("utf-8", "surrogateescape").decode("latin-1")


def sha256_of(data: bytes) -> str:
    """Return the sha256 of bytes as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


class Header(NamedTuple):
    """One header line: `name`, `gap` (the blanks after the colon) and `value` as they are on the wire."""

    name: str
    value: str
    gap: str = " "


@dataclass(frozen=True, slots=True)
class Headers:
    """Header lines in their order, with their case and their repeats."""

    rows: tuple[Header, ...] = ()

    @classmethod
    def of(cls, *pairs: tuple[str, str]) -> Headers:
        """Make headers from name and value pairs."""
        return cls(tuple(Header(name, value) for name, value in pairs))

    def __iter__(self) -> Iterator[Header]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def get(self, name: str) -> str | None:
        """Return the value of the first header of that name (case does not matter), or None."""
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of every header of that name, in order."""
        folded = name.lower()
        return tuple(row.value for row in self.rows if row.name.lower() == folded)

    def set(self, name: str, value: str) -> Headers:
        """Return headers whose first one of that name has the value; added at the end where there is none."""
        folded = name.lower()
        for index, row in enumerate(self.rows):
            if row.name.lower() == folded:
                return Headers((*self.rows[:index], row._replace(value=value), *self.rows[index + 1 :]))
        return Headers((*self.rows, Header(name, value)))

    def without(self, *names: str) -> Headers:
        """Return headers without those of the given names."""
        folded = {name.lower() for name in names}
        return Headers(tuple(row for row in self.rows if row.name.lower() not in folded))


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a file, `length` bytes from `offset`: a body that never enters memory."""

    path: str
    offset: int
    length: int
    sha256: str | None = None  # of exactly these bytes, where it is known
    source: str = ""  # where the bytes came from, in words ("layer.tar in alpine.tar")


@dataclass(frozen=True, slots=True)
class Unkept:
    """A body that went by and was not kept: its size in bytes and its sha256."""

    size: int
    sha256: str
    source: str = ""


Body = bytes | Slice | Unkept


def body_size(body: Body) -> int:
    """Return the size of a body in bytes."""
    match body:
        case bytes():
            return len(body)
        case Slice():
            return body.length
        case Unkept():
            return body.size


def body_part(body: bytes | Slice, start: int, length: int) -> bytes | Slice:
    """Return `length` bytes of a body from `start`; less where the body ends before."""
    if isinstance(body, bytes):
        return body[start : start + length]
    if start == 0 and length >= body.length:
        return body
    length = max(0, min(length, body.length - start))
    return replace(body, offset=body.offset + start, length=length, sha256=None)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a connection goes and whom a credential belongs to: scheme, host (no brackets, lower case) and port."""

    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        """The value of a Host header: host, and port unless it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == default_port(self.scheme) else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}"


def default_port(scheme: str) -> int:
    """Return the port that a scheme uses where none is named."""
    return 443 if scheme == "https" else 80


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be sent: `target` is the text between the method and the version, exactly as typed."""

    method: str
    origin: Origin
    target: str
    headers: Headers = Headers()
    body: Body = b""

    @property
    def url(self) -> str:
        """Origin and target, joined as they stand."""
        return f"{self.origin}{self.target}"

    def head(self) -> bytes:
        """Return the request line and the header lines, exactly as they go on the wire (HTTP/1.1)."""
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{n}:{gap}{v}" for n, v, gap in self.headers)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@dataclass(frozen=True, slots=True)
class Response:
    """The final answer: status (100–999), reason, version ("HTTP/1.1"), headers and body as received."""

    status: int
    reason: str
    version: str
    headers: Headers = Headers()
    body: Body = b""  # a slice where it was saved in a file


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no whole answer.

    `kind` is unreachable, tls, timeout, closed, not-http, unsendable, unsavable, stopped or interrupted.
    """

    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Timings:
    """When it was and how long the phases took: `started` in seconds since 1970, the rest in seconds from there.

    A phase that was not reached is None. `connected` is None, too, where a kept connection was used.
    """

    started: float = 0.0
    connected: float | None = None
    sent: float | None = None
    first_byte: float | None = None
    finished: float | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """The connection that carried an exchange: its two addresses, whether it was used before, TLS version, cipher."""

    local: str = ""
    peer: str = ""
    reused: bool = False
    tls: str = ""
    cipher: str = ""
    certificate: str = ""  # the other side's, in words: subject, names, issuer, dates
    alpn: str = ""
    proxy: str = ""  # the proxy, and what it does for this exchange


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that was sent, and what came of it.

    `id` counts from 1 in a session. `after` is the id of the exchange that the flow had reached before it (0: none), so
    attempts of one step share it. `proposed` is what the flow wanted to send; `request` is what was sent.
    `sent_head` and `received_head` are the raw bytes of the heads, the latter with all 1xx heads before the final one.
    `sent_size` and `sent_sha256` are of the body bytes that really left.
    """

    id: int
    after: int
    title: str
    proposed: Request
    request: Request
    response: Response | None = None
    error: Failure | None = None
    sent_head: bytes = b""
    received_head: bytes = b""
    sent_size: int = 0
    sent_sha256: str = ""
    timings: Timings = Timings()
    connection: Connection = Connection()
    spec: str = ""

    @property
    def is_edited(self) -> bool:
        """Whether what was sent differs from what the flow had proposed."""
        return self.request != self.proposed

    @property
    def status(self) -> int:
        """The status of the answer; 0 where there is none."""
        return self.response.status if self.response else 0


@dataclass(frozen=True, slots=True)
class Save:
    """Where the body of a 200 or 206 is to be saved, and the digest and the size in bytes that the file must have."""

    path: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Step:
    """What a flow wants to do next: the request, its endpoint, why, and the statuses that it can go on from.

    The first of `expects` is what the specification wants; the others are what registries are known to answer.
    """

    title: str
    request: Request
    spec: str = ""
    why: str = ""
    expects: tuple[int, ...] = ()
    save: Save | None = None


@dataclass(frozen=True, slots=True)
class FlowCall:
    """Which flow a session runs, with arguments that are plain JSON values, so that it can be built again."""

    flow: str
    arguments: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Session:
    """A recording: who made it, when (seconds since 1970), which flow, and every exchange in the order it happened."""

    made_with: str
    started: float
    call: FlowCall
    exchanges: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class Decoded:
    """An opaque value made readable. `basis`: specification, this registry's habit, or guess."""

    kind: str
    basis: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Blob:
    """A blob to push: its digest, size in bytes, media type, where its bytes are, and a name for people."""

    digest: str
    media_type: str
    body: bytes | Slice
    name: str = ""

    @property
    def size(self) -> int:
        """Size in bytes."""
        return body_size(self.body)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest to push: its exact bytes, their digest and their media type."""

    digest: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Image:
    """What can be pushed: blobs without repeats, and manifests in the order of pushing (children first, root last)."""

    name: str
    blobs: tuple[Blob, ...]
    manifests: tuple[Manifest, ...]

    @property
    def root(self) -> Manifest:
        """The manifest that a tag is to name."""
        return self.manifests[-1]


Progress = Callable[[int, int], None]
"""Called with the bytes done so far and the bytes there are in all (0 where that is not known)."""


def total_size(blobs: Iterable[Blob]) -> int:
    """Return the size of several blobs together, in bytes."""
    return sum(blob.size for blob in blobs)
