"""The head of a request as text that a person edits, and back.

What was not touched goes back as the very bytes it was: text shown is never the source of bytes that nobody changed.
"""

from __future__ import annotations

import re
from dataclasses import replace

from explorer.errors import InputError
from explorer.model import Header, Headers, Origin, Request, wire_text
from explorer.redact import is_secret, mask
from explorer.spec.references import parse_origin
from explorer.visible import wire_to_text

_REQUEST_LINE = re.compile(r"(\S+) (.*) (HTTP/\d\.\d)", re.DOTALL)


def head_lines(request: Request) -> list[str]:
    """Return the request line and the header lines as text to edit, without the empty line at their end."""
    return [_request_line(request), *(header_line(header) for header in request.headers)]


def _request_line(request: Request) -> str:
    return f"{wire_to_text(request.method)} {wire_to_text(request.target)} HTTP/1.1"


def header_line(header: Header) -> str:
    """Return a header as the line that it is edited as; a credential masked."""
    value = mask(header.value) if is_secret(header.name) else header.value
    return f"{wire_to_text(header.name)}:{header.gap}{wire_to_text(value)}"


def with_head(request: Request, lines: list[str]) -> Request:
    """Return the request with an edited head; raises InputError naming the line that says nothing that can be sent.

    Empty lines at the end are passed over. A line that reads as it did before keeps its exact bytes; a credential is
    shown masked, and stays as it is where its line does.
    """
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    if not lines:
        raise InputError("There is no request line: the first line is METHOD target HTTP/1.1.")
    known = _Known(request.headers)
    headers = tuple(known.take(line) or read_header(line, number) for number, line in enumerate(lines[1:], start=2))
    edited = replace(request, headers=Headers(headers))
    if lines[0] != _request_line(request):
        method, target = _read_request_line(lines[0])
        edited = replace(
            edited,
            method=request.method if method == wire_to_text(request.method) else wire_text(method),
            target=request.target if target == wire_to_text(request.target) else wire_text(target),
        )
    return edited


class _Known:
    """Headers by the lines that they are shown as; of several that read alike, the first that is left is taken."""

    def __init__(self, headers: Headers) -> None:
        self._by_line: dict[str, list[Header]] = {}
        for header in headers:
            self._by_line.setdefault(header_line(header), []).append(header)

    def take(self, line: str) -> Header | None:
        """Return the header that is shown as that line; the last one serves for repeats."""
        rows = self._by_line.get(line)
        if not rows:
            return None
        return rows.pop(0) if len(rows) > 1 else rows[0]


def _read_request_line(line: str) -> tuple[str, str]:
    found = _REQUEST_LINE.fullmatch(line)
    if not found:
        raise InputError(f"Line 1, '{line}', is no request line: write METHOD target HTTP/1.1, with one blank between.")
    if found[3] != "HTTP/1.1":
        raise InputError(f"Line 1 ends in {found[3]}; requests go out as HTTP/1.1 from here.")
    return found[1], found[2]


def read_header(line: str, number: int = 0) -> Header:
    """Return the header that a line says; raises InputError, which names the line by its number where it has one."""
    where = f"Line {number}, '{line}'," if number else f"'{line}'"
    name, colon, rest = line.partition(":")
    if not colon:
        hint = " (an '=' stands where the colon should be)" if "=" in line else ""
        raise InputError(f"{where} is no header: write Name: value{hint}.")
    if not name:
        raise InputError(f"{where} has no name before its colon.")
    value = rest.lstrip(" \t")
    return Header(wire_text(name), wire_text(value), rest[: len(rest) - len(value)])


def with_origin(request: Request, text: str, before: Request | None = None) -> Request:
    """Return the request going to another `http(s)://host[:port]`, Host header as it is; raises InputError.

    Its credentials belong to where it went, so they are taken out; with `before`, only those that stood in there and
    were not typed anew.
    """
    scheme, mark, authority = text.strip().rstrip("/").partition("://")
    if not mark or scheme.lower() not in ("http", "https"):
        raise InputError(f"'{text}' is no address to connect to: write http://host:port or https://host:port.")
    origin: Origin = parse_origin(authority, scheme.lower(), plain_http=True)
    if origin == request.origin:
        return request
    old = None if before is None else set(before.headers)
    kept = (
        header for header in request.headers if not is_secret(header.name) or (old is not None and header not in old)
    )
    return replace(request, origin=origin, headers=Headers(tuple(kept)))
