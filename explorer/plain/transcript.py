"""Exchanges as lines, in the manner of `curl -v`: `*` what the program says, `>` what was sent, `<` what came back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from explorer.decoders.upload_state import state_of
from explorer.model import Body, Exchange, Request, Slice, Step, Unkept, body_size
from explorer.plain.clients import client_lines
from explorer.plain.connections import connection_lines, phases_text
from explorer.redact import masked, masked_head
from explorer.visible import body_to_text, shortened, size_text, visible, wire_to_text

_LONGEST_BODY = 4096


def exchange_lines(exchange: Exchange, shown: Request | None = None) -> Iterator[str]:
    """Yield an exchange as lines: its heads byte for byte, save what a terminal would obey; bodies in short.

    `shown` is the request as it was shown before it was sent; it is not repeated where it went out like that.
    """
    is_new = shown is None or shown.head() != exchange.sent_head
    again = ", edited" if exchange.is_edited else ""
    exchange = masked(exchange)
    if shown is None:
        basis = "" if exchange.basis == "observed" else f", {exchange.basis.upper()}"
        yield f"* {exchange.id}. {visible(exchange.title)} ({visible(exchange.spec) or 'no endpoint'}{again}{basis})"
    for line in connection_lines(exchange):
        yield f"* {visible(line)}"
    if shown is not None and is_new:
        yield "* What really went out:" if exchange.sent_head else "* Nothing of it left."
    if is_new and exchange.sent_head:
        yield from _head(">", exchange.sent_head)
    if exchange.sent_size:
        yield f"}} [{exchange.sent_size} bytes: {body_words(exchange.request.body)}]"
    if exchange.received_head:
        yield from _head("<", exchange.received_head)
    yield from _answer_body(exchange)
    yield from decoded_lines(exchange)
    yield from (f"* {visible(line)}" for line in client_lines(exchange))
    if exchange.error:
        yield f"* {visible(exchange.error.sentence)}"
    elif exchange.timings.finished is not None:
        yield f"* {exchange.status} after {exchange.timings.finished * 1000:.1f} ms{_phases(exchange)}"
    yield ""


def _phases(exchange: Exchange) -> str:
    before = phases_text(replace(exchange.timings, finished=None))
    return f": {before}" if before else ""


def upcoming_lines(step: Step, request: Request, number: int) -> Iterator[str]:
    """Yield a step that is about to be sent as `request`, in the manner of `exchange_lines`, and what goes with it.

    Why it is there comes with it, since that also says what to beware of and which login is held back.
    """
    yield f"* {number}. {visible(step.title)} ({visible(step.spec) or 'no endpoint'})"
    yield from (f"* {line}" for line in step_lines(step) if line)
    yield from _head(">", masked_head(request.head()))
    if step.relay:
        yield "* And at the same time, with the body of its answer:"
        yield from upcoming_lines(step.relay.step, step.relay.step.request, number + 1)


def _head(sign: str, raw: bytes) -> Iterator[str]:
    lines = raw.decode("latin-1").replace("\r\n", "\n").split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    for line in lines:
        yield f"{sign} {wire_to_text(line)}"


def _answer_body(exchange: Exchange) -> Iterator[str]:
    body = exchange.response.body if exchange.response else b""
    if isinstance(body, Unkept):
        why = f"{visible(body.source)}, " if body.source not in ("", "the answer") else "not kept, "
        yield f"{{ [{body.size} bytes, {why}sha256 {body.sha256}]"
    elif isinstance(body, Slice):
        yield f"{{ [{body.length} bytes, {visible(body.source or body.path)}, sha256 {body.sha256}]"
    elif body:
        yield from body_to_text(body[:_LONGEST_BODY].removesuffix(b"\n"))
        if len(body) > _LONGEST_BODY:
            yield f"{{ [the first {_LONGEST_BODY} of {len(body)} bytes]"


def decoded_lines(exchange: Exchange) -> Iterator[str]:
    """Yield what the answer's Location carries, decoded."""
    location = exchange.response.headers.get("Location") if exchange.response else None
    state = state_of(location) if location else None
    if state:
        yield (
            f"* _state (this registry's habit): Name {visible(state.name)}, UUID {visible(state.uuid)}, "
            f"Offset {state.offset}, StartedAt {visible(state.started_at)}"
        )


def body_words(body: Body) -> str:
    """Return what a body is, in words."""
    match body:
        case bytes():
            return "in memory" if body else "none"
        case Slice():
            return visible(f"{body.source or body.path}, from byte {body.offset} of the file")
        case Unkept():
            source = visible(body.source) if body.source not in ("", "the answer") else "not kept"
            return f"{source}, sha256 {body.sha256}" if body.sha256 else source


def request_lines(request: Request) -> list[str]:
    """Return a request that is to be sent: where to, its head, and what its body is."""
    lines = [
        f"to {request.origin}",
        *(wire_to_text(line) for line in masked_head(request.head()).decode("latin-1").split("\r\n")),
    ]
    size = body_size(request.body)
    return [*lines[:-2], f"(body: {size_text(size)}, {body_words(request.body)})" if size else "(no body)"]


def step_lines(step: Step) -> list[str]:
    """Return what a step is for and which answers it can go on from."""
    wanted = ", ".join(str(status) for status in step.expects[:1])
    also = ", ".join(str(status) for status in step.expects[1:])
    expected = f"Expects {wanted}{f' ({also} will do)' if also else ''}." if wanted else ""
    return [f"{visible(step.why)} {expected}".strip()]


def relay_lines(step: Step) -> list[str]:
    """Return the request that goes out together with a step; nothing where there is none."""
    if not step.relay:
        return []
    taker = step.relay.step
    return ["", f"At the same time: {visible(taker.title)} ({visible(taker.spec)})", *request_lines(taker.request)]


def summary_line(exchange: Exchange, width: int = 100) -> str:
    """Return an exchange in one line of at most `width` characters."""
    status = str(exchange.status) if exchange.status else "---"
    took = f"{exchange.timings.finished * 1000:.0f} ms" if exchange.timings.finished is not None else ""
    mark = " edited" if exchange.is_edited else ""
    target = wire_to_text(exchange.request.target)
    front = f"{exchange.id:>4}  {wire_to_text(exchange.request.method):<6} {status}  {took:>9}{mark}  "
    return front + shortened(target, max(20, width - len(front)))
