"""A request taken apart for editing: method, pieces of the target, header rows that can be off, body, pinned length.

The lines of a sheet are numbered as they stand one below the other: the method, the target's pieces, the headers. What
a line reads as is its text; a line that is given the same text again keeps its exact bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from explorer.editing.bodies import with_body
from explorer.editing.raw import header_line, read_header
from explorer.editing.targets import Part, joined_target, parts_of
from explorer.errors import InputError
from explorer.frozen import frozen
from explorer.model import Body, Header, Headers, Origin, Request, body_size, wire_text
from explorer.redact import is_secret
from explorer.visible import wire_to_text


class HeaderRow(NamedTuple):
    """A header line, and whether it is sent."""

    header: Header
    is_on: bool = True


Line = str | Part | HeaderRow


@frozen
class Sheet:
    """The parts of a request; `is_pinned`: its Content-Length stays what it is whatever the body is."""

    method: str
    origin: Origin
    parts: tuple[Part, ...]
    headers: tuple[HeaderRow, ...]
    body: Body
    is_pinned: bool = False

    @classmethod
    def of(cls, request: Request) -> Sheet:
        """Take a request apart; a Content-Length that is not true of its body is pinned."""
        declared = request.headers.all("Content-Length")
        is_pinned = bool(declared) and declared != (str(body_size(request.body)),)
        rows = tuple(HeaderRow(header) for header in request.headers)
        return cls(request.method, request.origin, parts_of(request.target), rows, request.body, is_pinned)

    @property
    def request(self) -> Request:
        """The request that is sent: without the rows that are off."""
        headers = Headers(tuple(row.header for row in self.headers if row.is_on))
        return Request(self.method, self.origin, joined_target(self.parts), headers, self.body)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The method, the pieces of the target, the headers."""
        return (self.method, *self.parts, *self.headers)

    def with_request(self, request: Request) -> Sheet:
        """Return the sheet of a request that was edited otherwise; the rows that are off stay, after the others.

        A credential among them does not go along to another origin.
        """
        if request == self.request:
            return self
        sheet = Sheet.of(request)
        is_elsewhere = request.origin != self.origin
        off = tuple(row for row in self.headers if not row.is_on and not (is_elsewhere and is_secret(row.header.name)))
        return replace(sheet, headers=(*sheet.headers, *off), is_pinned=self.is_pinned or sheet.is_pinned)

    def with_body(self, body: Body) -> Sheet:
        """Return the sheet with another body; Content-Length follows unless pinned."""
        return self.with_request(with_body(self.request, body, is_pinned=self.is_pinned))

    def pin_switched(self) -> Sheet:
        """Return the sheet with its Content-Length pinned; or following the body again, whose size it then says."""
        if not self.is_pinned:
            return replace(self, is_pinned=True)
        size = str(body_size(self.body))
        headers = tuple(
            row._replace(header=row.header._replace(value=size)) if row.header.name.lower() == "content-length" else row
            for row in self.headers
        )
        return replace(self, headers=headers, is_pinned=False)

    def text(self, number: int) -> str:
        """Return a line as it is edited; a credential masked."""
        line = self.lines[number]
        match line:
            case HeaderRow(header=header):
                return header_line(header)
            case Part(sign=sign, text=text):
                return wire_to_text(sign + text)
            case method:
                return wire_to_text(method)

    def retyped(self, number: int, text: str) -> Sheet:
        """Return the sheet with a line typed anew; raises InputError where it says no header.

        A '?' or '&' that is typed into a piece of the target begins a new piece.
        """
        if text == self.text(number):
            return self
        line = self.lines[number]
        match line:
            case HeaderRow():
                return self._with(number, (line._replace(header=read_header(text)),))
            case Part():
                return self._with(number, _pieces(text, is_first=number == 1))
            case _:
                return replace(self, method=wire_text(text))

    def switched(self, number: int) -> Sheet:
        """Return the sheet with a header row off, or on again."""
        line = self.lines[number]
        return self._with(number, (line._replace(is_on=not line.is_on),)) if isinstance(line, HeaderRow) else self

    def repeated(self, number: int) -> Sheet:
        """Return the sheet with a header row or a piece of the query twice (the second after a '&')."""
        line = self.lines[number]
        if number <= 1 or isinstance(line, str):
            return self
        return self._with(number, (line, line._replace(sign="&") if isinstance(line, Part) else line))

    def without(self, number: int) -> Sheet:
        """Return the sheet without a header row, or a piece of the query; the next piece takes its sign over."""
        if number <= 1:
            return self
        lines = list(self.lines)
        gone = lines.pop(number)
        if isinstance(gone, Part) and number < len(lines):
            follower = lines[number]
            if isinstance(follower, Part):
                lines[number] = follower._replace(sign=gone.sign)
        return self._from(lines)

    def moved(self, number: int, by: int) -> Sheet:
        """Return the sheet with a header row, or a piece of the query, one place further (1) or back (-1).

        The signs of a query stay where they are; a line does not leave its kind.
        """
        lines, other = list(self.lines), number + by
        if min(number, other) <= 1 or max(number, other) >= len(lines):
            return self
        match lines[number], lines[other]:
            case Part() as one, Part() as two:
                lines[number], lines[other] = one._replace(text=two.text), two._replace(text=one.text)
            case HeaderRow() as row, HeaderRow() as neighbour:
                lines[number], lines[other] = neighbour, row
            case _:
                return self
        return self._from(lines)

    def added(self, number: int, text: str) -> tuple[Sheet, int]:
        """Return the sheet with a new line after a line of its kind, and the new line's number; raises InputError.

        Text that begins with '?' or '&' is a piece of the target; everything else has to be a header.
        """
        if text[:1] in ("?", "&"):
            pieces = _pieces(text, is_first=False)
            at = min(number, len(self.parts))
        else:
            pieces = (HeaderRow(read_header(text)),)
            at = max(number, len(self.parts))
        lines = list(self.lines)
        return self._from([*lines[: at + 1], *pieces, *lines[at + 1 :]]), at + 1

    def _with(self, number: int, new: Iterable[Line]) -> Sheet:
        lines = self.lines
        return self._from([*lines[:number], *new, *lines[number + 1 :]])

    def _from(self, lines: Iterable[Line]) -> Sheet:
        given = tuple(lines)
        parts = tuple(line for line in given if isinstance(line, Part))
        headers = tuple(line for line in given if isinstance(line, HeaderRow))
        return replace(self, parts=parts, headers=headers)


def _pieces(text: str, *, is_first: bool) -> tuple[Line, ...]:
    pieces = parts_of(wire_text(text))
    if is_first or pieces[0].text:
        if not is_first:
            raise InputError(f"'{text}' begins no piece of a query: write it with its '?' or '&' in front.")
        return pieces
    return pieces[1:]
