"""The commands `origins` and `uses`: where values came from, and where they went."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.model import Request
from explorer.origins import Source
from explorer.plain.declared import command
from explorer.plain.desk import Desk
from explorer.redact import is_secret_field
from explorer.visible import shortened

_LONGEST = 80


@command("origins", takes="[N or next]", group="understanding")
def origins(desk: Desk, argument: str) -> Iterator[str]:
    """Hear where each value of a request came from: of the next one, or of exchange N.

    A value that a newer answer has replaced is called stale. Origins are inferred from the exchanges alone, so
    recordings and imports have them, too.
    """
    subject = desk.subject(argument)
    sources = desk.sources(subject)
    yield f"{subject.words}, {subject.request.method}: where its values came from."
    if not sources:
        yield "Nothing of it is known to come from elsewhere."
    for source in sources:
        yield _told(source, subject.request)


def _told(source: Source, request: Request) -> str:
    span = source.span
    where = {"target": "target", "body": "body"}.get(span.part, "")
    rows = tuple(request.headers)
    if not where:
        where = f"header {rows[span.row].name}" if 0 <= span.row < len(rows) else "header"
    inferred = " (inferred)" if source.kind == "answer" else ""
    stale = f"; STALE: exchange {source.stale} has a newer one" if source.stale else ""
    value = "" if is_secret_field(span.role) else f", {shortened(span.value, _LONGEST)}"
    return f"{where}, {span.role}{value}: {source.words}{inferred}{stale}"


@command("uses", takes="[N]", group="understanding")
def uses(desk: Desk, argument: str) -> Iterator[str]:
    """Hear which later requests carry the values of the answer of exchange N; without N of the one at hand."""
    id = desk.exchange(argument).id
    found = desk.insight.uses(id)
    if not found:
        yield f"No later request is known to carry a value of answer {id}."
    for use in found:
        span = use.source.span
        where = "target" if span.part == "target" else span.role
        yield f"{use.source.key or 'body'} of answer {id}: used by exchange {use.exchange}, in its {where} (inferred)"
