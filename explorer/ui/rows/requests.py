"""Requests as rows, and why they are there."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.model import Request, Step
from explorer.plain.transcript import step_lines
from explorer.redact import masked_headers
from explorer.ui.rows.bodies import body_rows
from explorer.ui.text import Row, Span, wire, words


def request_rows(request: Request) -> Iterator[Row]:
    """Yield a request exactly as it is or was sent: where to, its lines, and what its body is."""
    yield (words("to ", "dim"), words(str(request.origin), "dim"))
    yield (wire(request.method, "title"), Span(" "), wire(request.target, "accent"), words(" HTTP/1.1", "dim"))
    for name, value, gap in masked_headers(request.headers):
        yield (wire(name, "name"), words(":", "dim"), wire(gap), wire(value))
    yield ()
    yield from body_rows(request.body)


def step_rows(step: Step) -> Iterator[Row]:
    """Yield why a step is there and what may come back."""
    for line in step_lines(step):
        yield (words(line, "prose"),)
