"""Requests as lines: exactly what goes out, with where each value came from in the margin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from explorer.model import Finding, Place, Request, Step
from explorer.origins import Source
from explorer.plain.transcript import step_lines
from explorer.redact import masked_request
from explorer.ui.pointing import Line, Pointed
from explorer.ui.rows.bodies import body_rows
from explorer.ui.rows.findings import marks, rule_tags
from explorer.ui.text import Row, Span, wire, words
from explorer.visible import shortened


def request_lines(
    request: Request, sources: Sequence[Source] = (), exchange: int = 0, findings: Sequence[Finding] = ()
) -> Iterator[Line]:
    """Yield a request exactly as it is or was sent, save its credentials: where to, its lines, and what its body is.

    A '?' that is not the first of the target is marked, and so is what the findings point at.
    """
    shown = masked_request(request)
    yield Line((words("to ", "dim"), words(str(request.origin), "dim")))
    here = [source for source in sources if source.span.part == "target"]
    bad = marks(findings, exchange, "request.target")
    row = (
        wire(request.method, "title"),
        Span(" "),
        *_target_spans(shown.target, bad if shown.target == request.target else ()),
        words(" HTTP/1.1", "dim"),
    )
    margin = (*rule_tags(bad), *tags(here))
    yield Line(row, margin, Pointed(exchange, "request", "target", value=request.target))
    for number, (name, value, gap) in enumerate(shown.headers):
        about = Pointed(exchange, "request", "header", name, value, number)
        found = [source for source in sources if source.span.part == "header" and source.span.row == number]
        bad = marks(findings, exchange, "request.header", name)
        margin = (*rule_tags(bad), *tags(found)[:1])
        yield Line((wire(name, "bad" if bad else "name"), words(":", "dim"), wire(gap), wire(value)), margin, about)
    yield Line(())
    within = tags([source for source in sources if source.span.part == "body"])[:1]
    within = (*rule_tags(marks(findings, exchange, "request.body")), *within)
    for number, content in enumerate(body_rows(shown.body)):
        yield Line(content, () if number else within, Pointed(exchange, "request", "body"))


def _target_spans(target: str, bad: Sequence[tuple[Place, str]]) -> Iterator[Span]:
    """Yield the target, every '?' but the first and whatever a finding points at in a style of its own."""
    first = target.find("?")
    marked = {index for index, sign in enumerate(target) if sign == "?" and first >= 0 and index > first}
    for place, _ in bad:
        marked |= set(range(place.start, min(place.end, len(target))))
    for is_marked, group in groupby(range(len(target)), key=lambda index: index in marked):
        indexes = [*group]
        yield wire(target[indexes[0] : indexes[-1] + 1], "bad" if is_marked else "accent")


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
