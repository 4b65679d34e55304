"""From a value to where it came from, and to where it went."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.insight import Insight
from explorer.origins import Source
from explorer.ui.pointing import Pointed
from explorer.ui.rows.meanings import is_within, place_of


def origin_of(about: Pointed, sources: Sequence[Source]) -> Pointed | None:
    """Return the part of an earlier answer that a part of a request came from; None where none is known."""
    if about.side != "request":
        return None
    found = next((source for source in sources if source.exchange and is_within(source, about)), None)
    if found is None:
        return None
    if found.key in ("", "sha256"):
        return Pointed(found.exchange, "request", "body")
    if found.key.startswith("body"):
        return Pointed(found.exchange, "answer", "body")
    name = "www-authenticate" if "challenge" in found.key else found.key.partition(",")[0].lower()
    return Pointed(found.exchange, "answer", "header", name)


def use_of(about: Pointed, insight: Insight) -> Pointed | None:
    """Return the part of a later request that carries a part of an answer; None where none does."""
    if about.side != "answer":
        return None
    place = "body" if about.part == "body" else about.name.lower()
    found = next((use for use in insight.uses(about.exchange) if place_of(use) == place), None)
    if found is None:
        return None
    span = found.source.span
    return Pointed(found.exchange, "request", span.part, row=span.row)


def is_like(line: Pointed, sought: Pointed) -> bool:
    """Say whether a line is about the part that is sought."""
    if (line.exchange, line.side, line.part) != (sought.exchange, sought.side, sought.part):
        return False
    if line.part == "header":
        return line.row == sought.row if sought.row >= 0 else line.name.lower() == sought.name
    return True
