"""What the reports for people have in common: what was tried, how it ended, and an exchange as lines fit to be seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from explorer.formats.exporters import Material
from explorer.formats.writing.bodies import as_text, reference, unpacked
from explorer.ladder import short_target
from explorer.model import Body, Exchange, Finding, Headers, Request, body_size
from explorer.spec.errors import parse_errors
from explorer.spec.paths import path_named
from explorer.visible import body_to_text, visible, wire_to_text

LONGEST_BODY = 8192
"""Of a body, so many bytes are shown in a report for people."""


def title_of(material: Material) -> str:
    """Return a title: the conversation and where it went."""
    call = material.session.call
    target = call.arguments.get("target") or call.arguments.get("location") or ""
    name = f"{call.flow} {target}".strip()
    if not name and material.chosen:
        name = _registry_of(material.chosen)
    return visible(name) or "A session without exchanges"


def _registry_of(exchanges: Sequence[Exchange]) -> str:
    """Return the address that the exchanges were about: the first repository's, else that of the first request."""
    requests = [exchange.request for exchange in exchanges]
    for request in requests:
        if repository := path_named(request.target).repository:
            return f"{request.origin}/{wire_to_text(repository)}"
    return str(next((request for request in requests if request.method), requests[0]).origin)


def facts_of(material: Material) -> Iterator[tuple[str, str]]:
    """Yield what is known of the session, in pairs of a word and a text."""
    session, chosen = material.session, material.chosen
    if session.started:
        yield "when", datetime.fromtimestamp(session.started, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    yield "recorded with", visible(session.made_with)
    failed = sum(exchange.status >= 400 or exchange.error is not None for exchange in chosen)
    part = f" of {len(session.exchanges)}" if len(chosen) != len(session.exchanges) else ""
    yield "exchanges", f"{len(chosen)}{part}, {failed} of them refused or without an answer"
    for number, text in enumerate(material.versions):
        yield "an answer says" if number else "versions", visible(text)


def summary_of(exchange: Exchange) -> str:
    """Return an exchange in one line."""
    marks = [mark for mark, holds in (("edited", exchange.is_edited), (exchange.basis, True)) if holds]
    marks = [mark for mark in marks if mark != "observed"]
    told = f" ({', '.join(marks)})" if marks else ""
    return (
        f"{exchange.id}. {wire_to_text(exchange.request.method)} {short_target(exchange)} → {answer_of(exchange)}{told}"
    )


def errors_of(exchange: Exchange) -> str:
    """Return what the registry's error says; empty where it says none."""
    body = exchange.response.body if exchange.response and exchange.status >= 400 else b""
    errors = parse_errors(body) if isinstance(body, bytes) else ()
    return "; ".join(visible(" ".join(filter(None, (error.code, error.message, error.detail)))) for error in errors)


def answer_of(exchange: Exchange) -> str:
    """Return status and reason, or why there is none."""
    if exchange.response is None:
        return visible(exchange.error.kind) if exchange.error else "no answer known"
    return f"{exchange.response.status or 'unknown'} {wire_to_text(exchange.response.reason)}".strip()


def request_lines(request: Request, head: bytes = b"") -> list[str]:
    """Return a request as lines: its head exactly as it is, and its body."""
    return [*_head_lines(head or request.head()), *body_lines(request.body, request.headers)]


def answer_lines(exchange: Exchange) -> list[str]:
    """Return an answer as lines, and why there is none or not all of it."""
    lines: list[str] = []
    response = exchange.response
    if exchange.received_head:
        lines += _head_lines(exchange.received_head)
    elif response:
        lines.append(wire_to_text(f"{response.version} {response.status} {response.reason}"))
        lines += [wire_to_text(f"{name}:{gap}{value}") for name, value, gap in response.headers]
        lines.append("")
    if response:
        lines += body_lines(response.body, response.headers)
    if exchange.error:
        lines.append(f"[{visible(exchange.error.sentence)}]")
    return lines


def doubts_of(exchange: Exchange) -> list[str]:
    """Return what is not known of an exchange, and what its source says beside the messages."""
    lines = []
    if exchange.basis != "observed":
        lines.append(f"This exchange is {visible(exchange.basis)}.")
    if exchange.unknown:
        lines.append(f"Not told by the source: {visible(', '.join(exchange.unknown))}.")
    return lines + [visible(note.words) for note in exchange.notes]


def _head_lines(head: bytes) -> list[str]:
    return [wire_to_text(line) for line in head.decode("latin-1").replace("\r\n", "\n").rstrip("\n").split("\n")] + [""]


def body_lines(body: Body, headers: Headers) -> list[str]:
    """Return a body as lines; what is binary, long or was not kept is named."""
    if not body_size(body):
        return []
    content = unpacked(body, headers) if isinstance(body, bytes) else b""
    if not isinstance(body, bytes) or as_text(content) is None:
        return [f"[{visible(reference(body))}]"]
    lines = body_to_text(content[:LONGEST_BODY].removesuffix(b"\n"))
    if content is not body and content != body:
        lines.insert(0, f"[unpacked from {len(body)} bytes]")
    if len(content) > LONGEST_BODY:
        lines.append(f"[the first {LONGEST_BODY} of {len(content)} bytes]")
    return lines


def finding_lines(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield what a finding says, in pairs of a word and a text."""
    yield "why", visible(finding.cause)
    if finding.proof:
        yield "proof", visible(finding.proof)
    yield "what to do", visible(f"{finding.fix} ({finding.who})" if finding.who else finding.fix)
    where = ", ".join(str(id) for id in finding.exchanges)
    yield "seen in", f"exchange {where}" if len(finding.exchanges) == 1 else f"exchanges {where}"
    yield "how certain", finding.certainty
