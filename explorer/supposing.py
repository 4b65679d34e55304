"""Answers that nobody gave: typed by a person, to see how a conversation would go on, and marked as that everywhere.

An answer is edited as text: the status line, the header lines, an empty line, the body.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from explorer.decoders.upload_state import state_of
from explorer.errors import InputError
from explorer.model import Body, Exchange, Header, Headers, Request, Response, Step, body_size, wire_text
from explorer.redact import masked_headers
from explorer.spec.endpoints import CHUNK, OPEN_UPLOAD, Endpoint, endpoint_of
from explorer.spec.locations import query_values
from explorer.visible import visible, wire_to_text

MADE_UP = "made up"
"""The basis of an exchange whose answer is typed."""

_STATUS_LINE = re.compile(r"(HTTP/\d(?:\.\d)?) ([1-9]\d\d)(?: (.*))?")


def answer_text(response: Response | None, request: Request | None = None) -> str:
    """Return an answer as text to edit; where there is none, what the request wants to be answered.

    Credentials are masked.
    """
    if response is None:
        return _wanted_text(request)
    head = [f"{response.version} {response.status} {wire_to_text(response.reason)}".rstrip()]
    head += [f"{wire_to_text(n)}:{gap}{wire_to_text(v)}" for n, v, gap in masked_headers(response.headers)]
    return "\n".join([*head, "", *map(visible, _body_lines(response))])


def _wanted_text(request: Request | None) -> str:
    """Return the answer that the specification wants first, with every header that it has to have."""
    endpoint = endpoint_of(request.method, request.target) if request else None
    if request is None or endpoint is None:
        return "HTTP/1.1 202 Accepted\nLocation: \nContent-Length: 0\n\n"
    from http import HTTPStatus

    status = endpoint.answers[0].status
    head = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    head += [f"{name}: {_likely(name, endpoint, request)}" for of, name in endpoint.must if of == status]
    return "\n".join([*head, "Content-Length: 0", "", ""])


def _likely(name: str, endpoint: Endpoint, request: Request) -> str:
    """Return a value that a header of the wanted answer could have; empty where none can be guessed."""
    path = wire_to_text(request.target.partition("?")[0])
    digest = next(iter(query_values(request.target, "digest")), "")
    match name, endpoint:
        case "Location", _ if endpoint == CHUNK:
            return wire_to_text(request.target)
        case "Location", _ if endpoint == OPEN_UPLOAD:
            return f"{path}made-up"
        case "Location", _ if digest:
            return f"{path.partition('/uploads')[0]}/{unquote(digest)}"
        case "Location", _:
            return path
        case "Range", _:
            state = state_of(request.target)
            return f"0-{max(0, (state.offset if state else 0) + body_size(request.body) - 1)}"
        case _:
            return ""


def _body_lines(response: Response) -> list[str]:
    """Return the lines of a body as they are; what is no UTF-8 in them is kept as surrogates."""
    return response.body.decode("utf-8", "surrogateescape").split("\n") if isinstance(response.body, bytes) else [""]


def answer_of(text: str, before: Response | None = None) -> Response:
    """Return the answer that a text describes; raises InputError with the line that cannot be read.

    A body that was left as it was shown keeps its bytes, and so does each line of one that was not.
    """
    head, _, body = text.partition("\n\n")
    lines = head.rstrip("\n").split("\n")
    found = _STATUS_LINE.fullmatch(lines[0].strip())
    if not found:
        raise InputError(f"Line 1, '{lines[0]}', is no status line: write HTTP/1.1 202 Accepted, for example.")
    rows = tuple(_header(number, line) for number, line in enumerate(lines[1:], start=2) if line.strip())
    return Response(int(found[2]), wire_text(found[3] or ""), found[1], Headers(rows), _body(body, before))


def _header(number: int, line: str) -> Header:
    name, colon, rest = line.partition(":")
    if not colon or not name.strip():
        raise InputError(f"Line {number}, '{line}', is no header: write Name: value.")
    value = rest.lstrip(" \t")
    return Header(wire_text(name), wire_text(value), rest[: len(rest) - len(value)])


def _body(text: str, before: Response | None) -> Body:
    if before is not None and text == answer_text(before).partition("\n\n")[2]:
        return before.body
    if before is not None:
        lines = {visible(line): line for line in _body_lines(before)}
        text = "\n".join(lines.get(line, line) for line in text.split("\n"))
    return text.encode("utf-8", "surrogateescape")


def supposed(step: Step, request: Request, response: Response, id: int, after: int) -> Exchange:
    """Return the exchange in which a step's request was answered so; nothing of it was on a wire."""
    return Exchange(id, after, step.title, step.request, request, response, spec=step.spec, basis=MADE_UP)
