"""Exchanges and steps in words, one fact to a line, for line mode: no signs, no columns."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.decoders import decode
from explorer.decoders.upload_state import state_of
from explorer.errors import Stuck
from explorer.model import Body, Exchange, Request, Step, body_size, summary_of
from explorer.plain.clients import client_lines
from explorer.plain.connections import connection_lines, phases_text
from explorer.plain.transcript import body_words, step_lines
from explorer.redact import masked, masked_head, masked_headers
from explorer.spec.errors import MEANINGS, parse_errors
from explorer.spec.locations import resolve
from explorer.standing import became
from explorer.state import State
from explorer.verdicts import Verdict
from explorer.visible import body_to_text, shortened, size_text, wire_to_text

LONGEST_BODY = 4096
"""So many bytes of a body are said with its exchange; the command body says all."""

_TITLE = 80


def step_told(step: Step, request: Request, place: str, *, is_edited: bool) -> Iterator[str]:
    """Yield the step that comes next and its request as it will go out."""
    yield f"{place}: {step.title} ({step.spec or 'no endpoint'})"
    yield from (line for line in step_lines(step) if line)
    yield from request_told(request, "The request, edited" if is_edited else "The request")
    if step.relay:
        taker = step.relay.step
        yield f"At the same time, with the body of its answer: {taker.title} ({taker.spec})"
        yield from request_told(taker.request, "That request")


def request_told(request: Request, name: str) -> Iterator[str]:
    """Yield a request: where to, its head line by line, its body in words."""
    yield f"{name}, to {request.origin}:"
    head = masked_head(request.head()).decode("latin-1").split("\r\n")[:-2]
    yield from (f"  {wire_to_text(line)}" for line in head)
    yield _body_line("Body", request.body)


def exchange_told(exchange: Exchange, shown: Request | None = None) -> Iterator[str]:
    """Yield an exchange; its request is left out where it went out as it was shown before it was sent."""
    is_new = shown is None or (exchange.sent_head and shown.head() != exchange.sent_head)
    edited = ", edited" if exchange.is_edited else ""
    exchange = masked(exchange)
    basis = "" if exchange.basis == "observed" else f", {exchange.basis.upper()}"
    yield f"Exchange {exchange.id}: {exchange.title} ({exchange.spec or 'no endpoint'}{edited}{basis})"
    yield from connection_lines(exchange)
    if is_new and exchange.sent_head:
        yield "Request as it went out:" if shown else "Request:"
        yield from _head(exchange.sent_head)
    elif is_new:
        yield from request_told(exchange.request, "Request, of which nothing is known to have left")
    if exchange.sent_size:
        yield f"Bytes of body sent: {exchange.sent_size} ({body_words(exchange.request.body)})"
    yield from answer_told(exchange)
    yield from client_lines(exchange)
    yield from end_told(exchange)


def answer_told(exchange: Exchange) -> Iterator[str]:
    """Yield the answer of an exchange, every head as it was received, then the body, and the registry's errors."""
    response = exchange.response
    if exchange.received_head:
        yield "Answer:"
        yield from _head(exchange.received_head)
    elif response:
        yield "Answer:"
        yield f"  {wire_to_text(f'{response.version} {response.status} {response.reason}'.rstrip())}"
        yield from (f"  {wire_to_text(f'{n}:{gap}{v}')}" for n, v, gap in masked_headers(response.headers))
    if response is None:
        return
    yield _body_line("Answer's body", response.body)
    if isinstance(response.body, bytes):
        yield from (f"  {line}" for line in body_to_text(response.body[:LONGEST_BODY].removesuffix(b"\n")) if line)
        for error in parse_errors(response.body):
            yield f"The registry's error {error.code}: {MEANINGS.get(error.code, error.message)}"


def end_told(exchange: Exchange) -> Iterator[str]:
    """Yield how an exchange ended, and when its phases were reached."""
    if exchange.error:
        yield exchange.error.sentence
    elif exchange.timings.finished is not None:
        yield f"Answered {exchange.status} after {exchange.timings.finished * 1000:.1f} ms."


def phases_told(exchange: Exchange) -> Iterator[str]:
    """Yield the phases of an exchange, a line each."""
    yield from phases_text(exchange.timings).split("  ")


def _head(raw: bytes) -> Iterator[str]:
    lines = raw.decode("latin-1").replace("\r\n", "\n").rstrip("\n").split("\n")
    yield from (f"  {wire_to_text(line)}" if line else "  and then:" for line in lines)


def _body_line(name: str, body: Body) -> str:
    size = body_size(body)
    if not size:
        return f"{name}: none"
    if isinstance(body, bytes) and size > LONGEST_BODY and name != "Body":
        return f"{name}: {size_text(size)}, the first {LONGEST_BODY} bytes of it:"
    return f"{name}: {size_text(size)}, {body_words(body)}"


def verdict_told(verdict: Verdict | None) -> Iterator[str]:
    """Yield what the specification says of an answer, each sentence with its section."""
    if verdict is None:
        yield "Verdict: none; this is no answer of this API's endpoints."
        return
    yield f"Verdict: {verdict.grade}."
    yield from (f"  {one.grade}: {one.words} ({one.section})" for one in verdict.judgements)


def location_told(exchange: Exchange) -> Iterator[str]:
    """Yield where the answer's Location leads, what its values say, and how that fits what was sent."""
    location = exchange.response.headers.get("Location") if exchange.response else None
    if location is None:
        yield "The answer has no Location."
        return
    yield f"Location: {wire_to_text(location)}"
    try:
        origin, target = resolve(exchange.request, location)
    except Stuck as stuck:
        yield stuck.sentence
        return
    if origin != exchange.request.origin:
        yield f"It leads to {origin}, but the request went to {exchange.request.origin}."
    elif location == target:
        yield f"It is relative, and leads to {origin}."
    for decoded in decode(target):
        yield f"In it, {decoded.kind}, decoded ({decoded.basis}):"
        for name, value in decoded.fields:
            fits = fits_told(name, value, exchange, target)
            misfits = misfits_told(name, value, exchange, target)
            said = f", which is the {fits}" if fits else f", which is NOT the {misfits}" if misfits else ""
            yield f"  {name}: {value}{said}"


def fits_told(name: str, value: str, exchange: Exchange, target: str) -> str:
    """Return what a field of an upload's state is equal to; empty where it is not, or nothing can be compared."""
    what, is_equal = _held_against(name, value, exchange, target)
    return what if is_equal else ""


def misfits_told(name: str, value: str, exchange: Exchange, target: str) -> str:
    """Return what a field of an upload's state should be equal to, and is not; empty where all is well or unknown."""
    what, is_equal = _held_against(name, value, exchange, target)
    return "" if is_equal else what


def _held_against(name: str, value: str, exchange: Exchange, target: str) -> tuple[str, bool]:
    path = target.partition("?")[0]
    before = state_of(exchange.request.target)
    match name:
        case "Name" if path.startswith("/v2/"):
            return "repository in the path", path.startswith(f"/v2/{value}/")
        case "UUID":
            return "upload in the path", f"/{value}" in path
        case "Offset" if exchange.request.method == "PATCH" and before:
            return "bytes sent so far", value == str(before.offset + exchange.sent_size)
        case _:
            return "", True


def row_told(state: State, exchange: Exchange, on_path: frozenset[int], attempt: int = 1) -> str:
    """Return an exchange in one line: number, method, title, status, what became of it, time."""
    status = f"{exchange.status}, " if exchange.status else ""
    took = f", {exchange.timings.finished * 1000:.0f} ms" if exchange.timings.finished is not None else ""
    marks = f"{', edited' if exchange.is_edited else ''}{f', attempt {attempt}' if attempt > 1 else ''}"
    title = shortened(exchange.title, _TITLE)
    method = wire_to_text(exchange.request.method)
    word = became(state, exchange.id, summary_of(exchange), on_path)
    return f"{exchange.id}. {method} {title}: {status}{word}{marks}{took}"
