"""The texts of a line of a session file, read without making an exchange of it: some twenty times as fast."""

from __future__ import annotations

import base64

import msgspec

from explorer.model import Glimpse

Row = list[str]  # name, value, and the blanks between them where they are not one


class _Body(msgspec.Struct, gc=False):
    text: str | None = None
    base64: str | None = None


class _Request(msgspec.Struct):
    method: str
    target: str
    headers: list[Row]
    body: _Body


class _Response(msgspec.Struct):
    status: int
    headers: list[Row]
    body: _Body


class _Line(msgspec.Struct):
    title: str
    request: _Request
    response: _Response | None = None
    error: tuple[str, str] | None = None
    basis: str = "observed"


_DECODER = msgspec.json.Decoder(_Line)


def glimpse_of_line(line: bytes) -> Glimpse | None:
    """Return the texts of the exchange that a line holds; None where only the exchange itself tells them."""
    try:
        found = _DECODER.decode(line)
        request, answer = found.request, found.response
        lines = [f"{row[0]}: {row[1]}" for row in request.headers]
        bodies = _bytes_of(request.body)
        if answer:
            lines += [f"{row[0]}: {row[1]}" for row in answer.headers]
            bodies += _bytes_of(answer.body)
    except (ValueError, LookupError):
        return None
    return Glimpse(
        found.title,
        request.method,
        request.target,
        answer.status if answer else 0,
        found.error[1] if found.error else "",
        found.basis,
        lines,
        bodies,
    )


def _bytes_of(body: _Body) -> list[bytes]:
    if body.text is not None:
        return [body.text.encode("utf-8")] if body.text else []
    return [base64.b64decode(body.base64, validate=True)] if body.base64 else []
