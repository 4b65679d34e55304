"""Findings as JSON, for programs: what `diagnose --json` prints.

    {"findings": [{"rule", "certainty", "exchanges", "what", "cause", "proof", "fix", "edit", "sources"}],
     "recognised": {"registry", "client", "proxy"},
     "exchanges": [{"id", "method", "target", "status", "known"}],
     "imported": {"format", "guessed", "dropped"}}

Credentials are masked, as in recordings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from explorer.formats.values import Json, headers_to_json
from explorer.model import Edit, Exchange, Finding, body_size
from explorer.recognition import Parties, Recognised
from explorer.redact import masked


def findings_to_json(
    findings: Sequence[Finding],
    parties: Parties,
    exchanges: Iterable[Exchange],
    format: str = "",
    guessed: Sequence[str] = (),
    dropped: Sequence[str] = (),
) -> Json:
    """Return everything that a diagnosis says."""
    return {
        "findings": [finding_to_json(finding) for finding in findings],
        "recognised": {
            "registry": _recognised(parties.registry),
            "client": _recognised(parties.client),
            "proxy": _recognised(parties.proxy),
        },
        "exchanges": [exchange_line(exchange) for exchange in exchanges],
        "imported": {"format": format, "guessed": list(guessed), "dropped": list(dropped)},
    }


def findings_as_json(told: Json, exchanges: Iterable[Exchange]) -> Iterator[str]:
    """Yield what `findings_to_json` gave as indented JSON, with these exchanges in the place of its own.

    They come one after the other, so that they are never held together.
    """
    between = "{\n"
    for name, value in told.items():
        yield f'{between}  "{name}": '
        yield from _listed(map(exchange_line, exchanges)) if name == "exchanges" else [_indented(value, 2)]
        between = ",\n"
    yield "\n}"


def _listed(values: Iterator[Json]) -> Iterator[str]:
    between = "[\n    "
    for value in values:
        yield between + _indented(value, 4)
        between = ",\n    "
    yield "[]" if between.startswith("[") else "\n  ]"


def _indented(value: object, by: int) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True).replace("\n", "\n" + " " * by)


def finding_to_json(finding: Finding) -> Json:
    """Return a finding; what else it could be, and how to tell, stands at the end of its cause."""
    return {
        "rule": finding.rule,
        "certainty": finding.certainty,
        "exchanges": list(finding.exchanges),
        "what": finding.what,
        "cause": " ".join((finding.cause, *_alternatives(finding))),
        "proof": finding.proof,
        "fix": f"{finding.who}: {finding.fix}",
        "edit": edit_to_json(finding.edit) if finding.edit else None,
        "sources": list(finding.sources),
    }


def _alternatives(finding: Finding) -> list[str]:
    named = "; ".join(other.removesuffix(".") for other in finding.otherwise)
    others = [f"It could also be: {named}."] if named else []
    return [*others, *([f"To tell: {finding.experiment}."] if finding.experiment else [])]


def edit_to_json(edit: Edit) -> Json:
    """Return the request that mends an exchange: its head, and how large its body is."""
    request = masked(Exchange(edit.exchange, 0, "", edit.request, edit.request)).request
    return {
        "exchange": edit.exchange,
        "words": edit.words,
        "method": request.method,
        "origin": str(request.origin),
        "target": request.target,
        "headers": headers_to_json(request.headers),
        "body_size": body_size(request.body),
    }


def exchange_line(exchange: Exchange) -> Json:
    """Return an exchange in short: what is needed to find it."""
    return {
        "id": exchange.id,
        "method": exchange.request.method,
        "target": exchange.request.target,
        "status": exchange.status or None,
        "known": exchange.basis,
    }


def _recognised(party: Recognised) -> Json | None:
    if not party:
        return None
    return {
        "name": party.name,
        "version": party.version or None,
        "certainty": party.certainty,
        "evidence": list(party.evidence),
        "exchange": party.exchange,
    }
