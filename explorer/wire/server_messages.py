"""One request as the server hands it out, one answer as it takes it, and the heads of both as bytes.

h11 judges the head; names, values and blanks are then taken from its bytes as they stand.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from pathlib import Path

import h11

from explorer.frozen import frozen
from explorer.model import Header, Headers, Slice
from explorer.wire.server_body import BLOCK, BodyReader

LONGEST_HEAD = 64 * 1024
"""Longest head in bytes, from the first byte of the request line to the blank line."""

MOST_HEADERS = 200
"""Most header lines of a request."""

_NO_HEADERS = Headers()
_NO_BODY = frozenset({204, 304})
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(?::[0-9]*)?")
_DIGITS = re.compile(r"[0-9]{1,18}")


class BadHead(Exception):
    """Say why a request cannot be taken, and the status to answer with."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@frozen
class Incoming:
    """One request: `target` and `headers` as they stood on the wire, `head` the bytes of it, `body` still to be read.

    `host` is the authority that the client named, or the address that it reached where it named none; `scheme` is
    https where it came over TLS.
    """

    method: str
    target: str
    headers: Headers
    body: BodyReader
    peer: str = ""
    host: str = ""
    version: str = "HTTP/1.1"
    head: bytes = b""
    scheme: str = "http"


@frozen
class Outgoing:
    """One answer. Date and Content-Length are added where they are missing and needed; all else is sent as it stands.

    A Slice is streamed from its file. Any other iterable is sent piece by piece, as it stands: its headers say how it
    is framed, and where they do not, or where it ends early, the connection is closed behind it.

    `head` is for an answer that comes from elsewhere: its head is sent as those bytes stand, and nothing is added.

    Two things are for answers that are to be wrong. `raw` is sent in place of everything else, exactly as it stands.
    `cut` is how many bytes of head and body are sent, no more. Either way the connection is closed then.
    """

    status: int
    headers: Headers = _NO_HEADERS
    body: bytes | Slice | Iterable[bytes | memoryview] = b""
    reason: str | None = None
    head: bytes | None = None
    raw: bytes | None = None
    cut: int | None = None


@frozen
class Head:
    """A request's head. `length` is that of the body, None where it is chunked."""

    method: str
    target: str
    version: str
    headers: Headers
    length: int | None
    expects_continue: bool
    keeps_alive: bool
    authority: str


def parse_head(raw: bytes) -> Head:
    """Read the bytes of a head; raises BadHead where they are no request that can be taken."""
    lines = raw.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    if len(lines) - 1 > MOST_HEADERS:
        raise BadHead(431, f"The request has {len(lines) - 1} header lines; at most {MOST_HEADERS} are taken.")
    if any(line[:1] in (b" ", b"\t") for line in lines[1:]):
        raise BadHead(400, "A header line begins with a blank: folded headers are not taken.")
    request = _judged(raw)
    version = request.http_version.decode("ascii")
    if not version.startswith("1."):
        raise BadHead(505, f"The request speaks HTTP/{version}; this server speaks HTTP/1.1.")
    headers = Headers(tuple(_header(line.decode("latin-1")) for line in lines[1:]))
    target = request.target.decode("latin-1")
    return Head(
        method=request.method.decode("latin-1"),
        target=target,
        version=f"HTTP/{version}",
        headers=headers,
        length=_body_length(headers),
        expects_continue=_expects_continue(headers) and version != "1.0",
        keeps_alive=_keeps_alive(headers, version),
        authority=_named_authority(target, headers),
    )


def _judged(raw: bytes) -> h11.Request:
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=LONGEST_HEAD + 1024)
    try:
        connection.receive_data(raw)
        event = connection.next_event()
    except h11.RemoteProtocolError as bad:
        reason = str(bad).partition(": bytearray")[0]
        raise BadHead(bad.error_status_hint, f"This is not a request that can be taken: {reason}.") from bad
    if not isinstance(event, h11.Request):
        raise BadHead(400, "This is not a request that can be taken: its head is not whole.")
    return event


def _header(line: str) -> Header:
    name, _, rest = line.partition(":")
    value = rest.lstrip(" \t")
    return Header(name, value.rstrip(" \t"), rest[: len(rest) - len(value)])


def _body_length(headers: Headers) -> int | None:
    lengths = headers.all("Content-Length")
    codings = headers.all("Transfer-Encoding")
    if lengths and codings:
        raise BadHead(400, "The request has both Content-Length and Transfer-Encoding, so its end cannot be told.")
    if codings:
        return None
    if not lengths:
        return 0
    if not all(_DIGITS.fullmatch(length) for length in lengths):
        raise BadHead(400, f"The Content-Length {', '.join(lengths)!r} is not one number.")
    return int(lengths[0])


def _expects_continue(headers: Headers) -> bool:
    expected = headers.get("Expect")
    if expected is None:
        return False
    if expected.lower() != "100-continue":
        raise BadHead(417, f"The request expects {expected!r}; only 100-continue is known.")
    return True


def _keeps_alive(headers: Headers, version: str) -> bool:
    words = {word.strip().lower() for value in headers.all("Connection") for word in value.split(",")}
    return "keep-alive" in words if version == "1.0" else "close" not in words


def _named_authority(target: str, headers: Headers) -> str:
    scheme, separator, rest = target.partition("://")
    if separator and scheme.isalpha():
        return re.split(r"[/?#]", rest, maxsplit=1)[0]
    host = headers.get("Host") or ""
    if not _HOST.fullmatch(host):
        raise BadHead(400, f"The Host {host!r} is no host with perhaps a port.")
    return host


def render_head(outgoing: Outgoing, size: int | None, extra: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return the bytes of an answer's head; `size` is its body's, None where that is not known beforehand.

    Raises ValueError where a name or a value would break out of its line.
    """
    rows = list(outgoing.headers)
    named = {row.name.lower() for row in rows}
    if "date" not in named:
        rows.append(Header("Date", _now()))
    frames = {"content-length", "transfer-encoding"} & named
    if size is not None and not frames and outgoing.status not in _NO_BODY and outgoing.status >= 200:
        rows.append(Header("Content-Length", str(size)))
    rows += (Header(name, value) for name, value in extra if name.lower() not in named)
    first = f"HTTP/1.1 {outgoing.status} {_reason(outgoing)}"
    lines = [first, *(f"{name}:{gap}{value}" for name, value, gap in rows)]
    if any(sign in line for line in lines for sign in "\r\n\0"):
        raise ValueError("a header of the answer has a line end in it")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def pieces_of(body: bytes | Slice | Iterable[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    """Yield the bytes of an answer's body, a file's a block at a time; raises OSError where it cannot be read."""
    match body:
        case bytes():
            yield body
        case Slice():
            yield from _blocks_of(body)
        case _:
            yield from body


def _blocks_of(part: Slice) -> Iterator[bytes]:
    with Path(part.path).open("rb") as file:
        file.seek(part.offset)
        left = part.length
        while left and (block := file.read(min(left, BLOCK))):
            left -= len(block)
            yield block


def plain_answer(status: int, sentence: str) -> Outgoing:
    """Return an answer that says one sentence as plain text."""
    return Outgoing(status, Headers.of(("Content-Type", "text/plain; charset=utf-8")), f"{sentence}\n".encode())


def closing_answer(status: int, sentence: str) -> bytes:
    """Return the bytes of an answer that says one sentence, after which the connection is closed."""
    answer = plain_answer(status, sentence)
    body = f"{sentence}\n".encode()
    return render_head(answer, len(body), [("Connection", "close")]) + body


def _reason(outgoing: Outgoing) -> str:
    if outgoing.reason is not None:
        return outgoing.reason
    try:
        return HTTPStatus(outgoing.status).phrase
    except ValueError:
        return ""


def _now() -> str:
    # asctime does not depend on the locale, as strftime does.
    weekday, month, day, clock, year = time.asctime(time.gmtime()).split()
    return f"{weekday}, {int(day):02} {month} {year} {clock} GMT"
