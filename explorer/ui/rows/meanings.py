"""What stands in the pane of meanings: the verdict on an answer, where values came from and went, what they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from explorer.decoders import decode
from explorer.insight import Insight
from explorer.model import Decoded, Exchange, Place, Request, Response
from explorer.origins import Source, Use
from explorer.redact import is_secret, is_secret_field
from explorer.spec.endpoints import endpoint_of
from explorer.ui.pointing import Pointed
from explorer.ui.rows.findings import finding_rows
from explorer.ui.text import Row, wire, words
from explorer.verdicts import Verdict
from explorer.visible import shortened

if TYPE_CHECKING:
    from explorer.spec.field_checks import Field

GRADE_STYLES = {"as expected": "good", "allowed": "dim", "unusual": "odd", "wrong": "bad"}
GRADE_SIGNS = {"as expected": "✓", "allowed": "·", "unusual": "!", "wrong": "✗"}
_MOST_USES = 8


def verdict_rows(verdict: Verdict) -> Iterator[Row]:
    """Yield what the specification says of an answer."""
    yield (words("verdict ", "name"), words(verdict.grade, GRADE_STYLES[verdict.grade]))
    for judgement in verdict.judgements:
        sign = words(f"  {GRADE_SIGNS[judgement.grade]} ", GRADE_STYLES[judgement.grade])
        yield (sign, words(f"{judgement.words} ({judgement.section})", "told"))


def expected_rows(method: str, target: str) -> Iterator[Row]:
    """Yield what a request may be answered with by the specification: what is wanted, and what may be, in words."""
    endpoint = endpoint_of(method, target)
    if endpoint is None:
        return
    yield (words("may come back ", "name"), words(f"({endpoint.id}, {endpoint.title})", "dim"))
    for status, grade, meaning in endpoint.answers:
        is_wanted = grade == "expected"
        needed = ", ".join(name.title() for of, name in endpoint.must if of == status)
        sign = words(f"  {'✓' if is_wanted else '·'} {status} ", "good" if is_wanted else "dim")
        yield (sign, words(f"{meaning}{f'; has to have {needed}' if needed else ''}", "told"))


def pointed_rows(
    about: Pointed, sources: tuple[Source, ...], insight: Insight, method: str, opaque: str = ""
) -> Iterator[Row]:
    """Yield what there is to say of the part that is pointed at; `method` is that of its request.

    `opaque` is its value as it is on the wire, credentials and all: it is decoded, and never shown.
    """
    from explorer.spec.fields import field_named

    title = about.name or {"target": "the target", "status": "the status", "body": "the body"}.get(
        about.part, about.part
    )
    yield (wire(title, "title"), words(f" of the {about.side}", "dim"))
    if about.value and about.part != "target":
        yield (words("  "), wire(about.value))
    if about.part == "header" and (known := field_named(about.name)):
        yield from _field_rows(known, about)
    if about.side == "request":
        yield from _origin_rows(about, sources)
        if about.part == "target":
            yield from expected_rows(method, about.value)
    else:
        yield from _use_rows(about, insight)
        if about.part == "status" and (verdict := insight.verdict(about.exchange)):
            yield from verdict_rows(verdict)
    for finding in insight.findings_of(about.exchange) if about.exchange else ():
        if about.part in ("status", "error") or any(is_at(place, about) for place in finding.places):
            yield from finding_rows(finding)
    for decoded in decode(opaque or about.value):
        yield from decoded_rows(decoded)


def opaque_value(about: Pointed, request: Request | None, response: Response | None) -> str:
    """Return the value of what is pointed at as it is on the wire, where only a masked one is shown; else nothing."""
    if about.side == "request" and about.part == "header" and request and 0 <= about.row < len(request.headers.rows):
        return request.headers.rows[about.row].value if is_secret(about.name) else ""
    from explorer.spec.tokens import read_token_answer

    if about.side == "answer" and about.part == "body" and response and isinstance(response.body, bytes):
        answer = read_token_answer(response.body)
        return answer.token if answer else ""
    return ""


def _field_rows(known: Field, about: Pointed) -> Iterator[Row]:
    """Yield what a header means, in which section, and whether this value is as it should be."""
    objection = known.objection(about.value, in_answer=about.side == "answer")
    yield (words("  "), words(f"{known.meaning} ({known.section})", "told"))
    yield (words("  ✗ ", "bad"), words(objection)) if objection else (words("  ✓ ", "good"), words("as it should be"))


def decoded_rows(decoded: Decoded) -> Iterator[Row]:
    """Yield an opaque value made readable."""
    yield (words(f"{decoded.kind}, decoded ", "name"), words(f"({decoded.basis})", "dim"))
    width = max((len(name) for name, _ in decoded.fields), default=0)
    for name, value in decoded.fields:
        yield (words(f"  {name:<{width}}  ", "dim"), words(value))


def is_at(place: Place, about: Pointed) -> bool:
    """Say whether a finding's place is in the part that is pointed at."""
    part = f"{about.side}.{about.part}"
    is_there = (place.exchange, place.part) == (about.exchange, part)
    return is_there and place.name.lower() == about.name.lower()


def _origin_rows(about: Pointed, sources: tuple[Source, ...]) -> Iterator[Row]:
    for source in sources:
        if is_within(source, about):
            value = "" if is_secret_field(source.span.role) else source.span.value
            place = f"{value[:40]}…" if len(value) > 40 else value
            said = f"{source.words} (inferred)" if source.kind == "answer" else source.words
            yield (words("  ← ", "accent"), words(said), words(f"  {place}", "dim"))
            if source.stale:
                newer = f"    stale: exchange {source.stale} has a newer one, and the registry wants that"
                yield (words(newer, "odd"),)


def is_within(source: Source, about: Pointed) -> bool:
    """Say whether a source is of the part that is pointed at."""
    span = source.span
    if span.part != about.part:
        return False
    if span.part == "header":
        return span.row == about.row
    return True


def _use_rows(about: Pointed, insight: Insight) -> Iterator[Row]:
    uses = [use for use in insight.uses(about.exchange) if place_of(use) == _place(about)]
    for use in uses[:_MOST_USES]:
        where = use.source.span.role if use.source.span.part != "target" else "target"
        yield (words("  → ", "accent"), words(f"used by {use.exchange}, in its {where} (inferred)"))
    if len(uses) > _MOST_USES:
        yield (words(f"    and {len(uses) - _MOST_USES} more", "dim"),)


def place_of(use: Use) -> str:
    """Return the place in an answer that a use's value came from: a header's name in lower case, or body."""
    key = use.source.key
    if key.startswith("body"):
        return "body"
    if "challenge" in key:
        return "www-authenticate"
    return key.partition(",")[0].lower()


def _place(about: Pointed) -> str:
    return "body" if about.part == "body" else about.name.lower()


def use_tags(insight: Insight, exchange: Exchange) -> dict[str, str]:
    """Return for the margin, by place in an answer, which later requests carry its values."""
    users: dict[str, list[int]] = {}
    for use in insight.uses(exchange.id):
        ids = users.setdefault(place_of(use), [])
        if use.exchange not in ids:
            ids.append(use.exchange)
    return {
        place if place != "body" else "body ": "→ " + shortened(", ".join(map(str, ids)), 16)
        for place, ids in users.items()
    }
