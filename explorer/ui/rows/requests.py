"""Requests as lines: exactly what goes out, with where each value came from in the margin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from explorer.model import Request, Step
from explorer.origins import Source
from explorer.plain.transcript import step_lines
from explorer.redact import masked_headers
from explorer.ui.pointing import Line, Pointed
from explorer.ui.rows.bodies import body_rows
from explorer.ui.text import Row, Span, wire, words
from explorer.visible import shortened


def request_lines(request: Request, sources: Sequence[Source] = (), exchange: int = 0) -> Iterator[Line]:
    """Yield a request exactly as it is or was sent: where to, its lines, and what its body is.

    A '?' that is not the first of the target is marked.
    """
    yield Line((words("to ", "dim"), words(str(request.origin), "dim")))
    here = [source for source in sources if source.span.part == "target"]
    row = (wire(request.method, "title"), Span(" "), *_target_spans(request.target), words(" HTTP/1.1", "dim"))
    yield Line(row, tags(here), Pointed(exchange, "request", "target", value=request.target))
    for number, (name, value, gap) in enumerate(masked_headers(request.headers)):
        about = Pointed(exchange, "request", "header", name, value, number)
        found = [source for source in sources if source.span.part == "header" and source.span.row == number]
        yield Line((wire(name, "name"), words(":", "dim"), wire(gap), wire(value)), tags(found)[:1], about)
    yield Line(())
    within = tags([source for source in sources if source.span.part == "body"])[:1]
    for number, content in enumerate(body_rows(request.body)):
        yield Line(content, () if number else within, Pointed(exchange, "request", "body"))


def _target_spans(target: str) -> Iterator[Span]:
    first, mark, rest = target.partition("?")
    yield wire(first + mark, "accent")
    while rest:
        piece, mark, rest = rest.partition("?")
        if piece:
            yield wire(piece, "accent")
        if mark:
            yield wire(mark, "bad")


def tags(sources: Iterable[Source]) -> tuple[Row, ...]:
    """Return what is said in the margin of where values came from, without repeats, what was typed first."""
    ranked = sorted(sources, key=lambda source: (_RANK.index(source.kind), source.span.start))
    return tuple(dict.fromkeys(_tag(source) for source in ranked))[:_MOST_TAGS]


def _tag(source: Source) -> Row:
    if source.stale:
        return (words(f"← {source.words} STALE", "odd"),)
    return (words(f"← {shortened(source.words, _WIDEST_TAG)}", "edited" if source.kind == "edited" else "dim"),)


_RANK = ("edited", "answer", "file", "given", "computed", "specification", "program")
_MOST_TAGS = 4
_WIDEST_TAG = 24


def step_rows(step: Step) -> Iterator[Row]:
    """Yield why a step is there and what may come back."""
    for line in step_lines(step):
        yield (words(line, "prose"),)
