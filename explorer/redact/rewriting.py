"""An exchange written anew, part by part: every text, head and body through one rewriter, and lengths kept true."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Protocol

from explorer.model import (
    Body,
    ClientSide,
    Connection,
    Exchange,
    Header,
    Headers,
    Origin,
    Request,
    Response,
    Slice,
    Unkept,
    body_size,
    sha256_of,
)

_LINE = re.compile(rb"(?m)^([^\n:]+:[ \t]*)((?:[^\n]*[^\r\n])?)((?:\r?\n[ \t]+[^\n]*[^\r\n])*)")


class Rewriter(Protocol):
    """What is done with each part. Texts are one character per byte, save `words`, which are for people."""

    def at(self, place: str) -> None:
        """Take note of where the parts that follow stand."""

    def text(self, text: str) -> str:
        """Return a text of the wire."""

    def header(self, name: str, value: str) -> str:
        """Return the value of a header, or of a line that goes on with it."""

    def words(self, text: str) -> str:
        """Return a text for people."""

    def host(self, host: str) -> str:
        """Return a host."""

    def path(self, path: str) -> str:
        """Return the path of a file."""

    def body(self, body: bytes) -> bytes:
        """Return a body."""


def rewrite(exchange: Exchange, rewriter: Rewriter) -> Exchange:
    """Return an exchange with everything in it rewritten."""
    rewriter.at(f"the request of {exchange.id}")
    request = _request(exchange.request, rewriter)
    proposed = request if exchange.proposed == exchange.request else _request(exchange.proposed, rewriter)
    sent_head = _head(exchange.sent_head, rewriter, exchange.request.body, request.body)
    rewriter.at(f"the answer of {exchange.id}")
    response = _response(exchange.response, rewriter) if exchange.response else None
    before, after = (exchange.response.body, response.body) if exchange.response and response else (b"", b"")
    size, digest = _sent(exchange, request)
    return replace(
        exchange,
        title=rewriter.words(exchange.title),
        request=request,
        proposed=proposed,
        response=response,
        error=replace(exchange.error, sentence=rewriter.words(exchange.error.sentence)) if exchange.error else None,
        sent_head=sent_head,
        received_head=_head(exchange.received_head, rewriter, before, after),
        sent_size=size,
        sent_sha256=rewriter.text(digest),
        connection=_connection(exchange.connection, rewriter),
        client=_client(exchange.client, rewriter) if exchange.client else None,
        notes=tuple(
            replace(note, words=rewriter.words(note.words), value=rewriter.words(note.value)) for note in exchange.notes
        ),
        extra={name: json_rewritten(value, rewriter) for name, value in exchange.extra.items()},
    )


def json_rewritten(value: Any, rewriter: Rewriter) -> Any:
    """Return a JSON value with each text in it rewritten."""
    match value:
        case str():
            return rewriter.words(value)
        case list():
            return [json_rewritten(item, rewriter) for item in value]
        case dict():
            return {rewriter.words(name): json_rewritten(inner, rewriter) for name, inner in value.items()}
        case _:
            return value


def _request(request: Request, rewriter: Rewriter) -> Request:
    body = _body(request.body, rewriter)
    return Request(
        method=rewriter.text(request.method),
        origin=_origin(request.origin, rewriter),
        target=rewriter.text(request.target),
        headers=_headers(request.headers, rewriter, request.body, body),
        body=body,
    )


def _response(response: Response, rewriter: Rewriter) -> Response:
    body = _body(response.body, rewriter)
    return replace(
        response,
        version=rewriter.text(response.version),
        reason=rewriter.text(response.reason),
        headers=_headers(response.headers, rewriter, response.body, body),
        body=body,
        trailers=_headers(response.trailers, rewriter, b"", b""),
    )


def _origin(origin: Origin, rewriter: Rewriter) -> Origin:
    return Origin(origin.scheme, rewriter.host(origin.host), origin.port)


def _body(body: Body, rewriter: Rewriter) -> Body:
    match body:
        case bytes():
            return rewriter.body(body)
        case Slice():
            sha256 = rewriter.text(body.sha256) if body.sha256 else body.sha256
            return replace(body, path=rewriter.path(body.path), sha256=sha256, source=rewriter.words(body.source))
        case Unkept():
            sha256, digest = rewriter.text(body.sha256), rewriter.text(body.digest)
            return replace(body, sha256=sha256, source=rewriter.words(body.source), digest=digest)


def _headers(headers: Headers, rewriter: Rewriter, before: Body, after: Body) -> Headers:
    rows: list[Header] = []
    name = ""
    for row in headers:
        if row.name[:1] in (" ", "\t"):
            # A folded line is read as a name where it has a colon; it belongs to the header before it.
            whole = f"{row.name}:{row.gap}{row.value}" if row.value or row.gap else row.name
            rows.append(Header(f" {rewriter.header(name, whole.strip())}", "", ""))
            continue
        name = row.name
        rows.append(Header(rewriter.text(row.name), rewriter.header(row.name, row.value), row.gap))
    written = Headers(tuple(rows))
    lengths = (str(body_size(before)),), str(body_size(after))
    if lengths[0] != (lengths[1],) and written.all("Content-Length") == lengths[0]:
        written = written.set("Content-Length", lengths[1])
    return written


def _head(raw: bytes, rewriter: Rewriter, before: Body, after: Body) -> bytes:
    """Return raw heads, line by line as their headers are."""

    def line(found: re.Match[bytes]) -> bytes:
        name = found[1].decode("latin-1").partition(":")[0]
        values = (found[2] + found[3]).decode("latin-1").split("\n")
        return found[1] + "\n".join(_line(name, value, rewriter) for value in values).encode("latin-1")

    lines = raw.split(b"\n", 1)
    first = rewriter.text(lines[0].decode("latin-1")).encode("latin-1")
    rest = _LINE.sub(line, lines[1]) if len(lines) > 1 else b""
    if body_size(before) != body_size(after):
        length = rb"(?im)^(content-length:[ \t]*)%d(?=[ \t]*\r?$)" % body_size(before)
        rest = re.sub(length, lambda found: found[1] + b"%d" % body_size(after), rest)
    return b"\n".join([first, rest]) if len(lines) > 1 else first


def _line(name: str, value: str, rewriter: Rewriter) -> str:
    core = value.strip(" \t\r")
    return value.replace(core, rewriter.header(name, core)) if core else value


def _sent(exchange: Exchange, request: Request) -> tuple[int, str]:
    """Return size and digest of what was sent: those of the new body, where the old one was sent as it was written."""
    before, after = exchange.request.body, request.body
    if not isinstance(before, bytes) or not isinstance(after, bytes) or before == after:
        return exchange.sent_size, exchange.sent_sha256
    if exchange.sent_sha256 == sha256_of(before):
        return len(after), sha256_of(after)
    return exchange.sent_size, ""


def _connection(connection: Connection, rewriter: Rewriter) -> Connection:
    return replace(
        connection,
        local=rewriter.words(connection.local),
        peer=rewriter.words(connection.peer),
        certificate=rewriter.words(connection.certificate),
        proxy=rewriter.words(connection.proxy),
    )


def _client(side: ClientSide, rewriter: Rewriter) -> ClientSide:
    return ClientSide(
        _head(side.sent_head, rewriter, b"", b""),
        _head(side.received_head, rewriter, b"", b""),
        _connection(side.connection, rewriter),
    )
