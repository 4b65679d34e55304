"""What the panes say, as rows: pure functions of a state and of what is selected in it."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.decoders import decode
from explorer.decoders.upload_state import state_of
from explorer.errors import Stuck
from explorer.model import Body, Exchange, Request, Step, Unkept, body_size
from explorer.plain.transcript import body_words, step_lines
from explorer.redact import masked, masked_headers
from explorer.spec.errors import MEANINGS, parse_errors
from explorer.spec.locations import resolve
from explorer.state import State
from explorer.stepping import Blocked
from explorer.ui.text import Row, Span, row_width, wire, words
from explorer.visible import body_to_text, size_text

_TAIL = 13
"""Cells of the column of status and mark ("404 no answer")."""

_WIDE = 60
"""From so many cells on, a row of the timeline has the time too."""

SHOWN_BODY = 64 * 1024
"""So many bytes of a body are shown here."""


def request_rows(request: Request) -> Iterator[Row]:
    """Yield a request exactly as it is or was sent: where to, its lines, and what its body is."""
    yield (words("to ", "dim"), words(str(request.origin), "dim"))
    yield (wire(request.method, "title"), Span(" "), wire(request.target, "accent"), words(" HTTP/1.1", "dim"))
    for name, value, gap in masked_headers(request.headers):
        yield (wire(name, "name"), words(":", "dim"), wire(gap), wire(value))
    yield ()
    yield from body_rows(request.body)


def body_rows(body: Body) -> Iterator[Row]:
    """Yield a body: as text where it is that, else what it is, and its first bytes."""
    size = body_size(body)
    if not size and not isinstance(body, Unkept):
        yield (words("no body", "dim"),)
        return
    if not isinstance(body, bytes):
        yield (words(f"body: {size_text(size)} ({size} bytes), {body_words(body)}", "dim"),)
        return
    shown = body[:SHOWN_BODY]
    if size > SHOWN_BODY:
        yield (words(f"the first {size_text(SHOWN_BODY)} of {size_text(size)}:", "odd"),)
    if _is_text(shown):
        for line in body_to_text(shown.removesuffix(b"\n")):
            yield (Span(line),)
    else:
        yield (words(f"body: {size_text(size)} ({size} bytes), begins", "dim"),)
        yield from hex_rows(shown[:256])


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as bad:
        if bad.start < len(data) - 3:
            return False
        text = data[: bad.start].decode("utf-8")
    return not any(ord(character) < 32 and character not in "\r\n\t\x1b" for character in text[:1024])


def hex_rows(data: bytes) -> Iterator[Row]:
    """Yield bytes in hex, sixteen to a row, with their readable characters."""
    for at in range(0, len(data), 16):
        part = data[at : at + 16]
        readable = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        yield (words(f"{at:04x}  ", "dim"), words(f"{part.hex(' '):<48} "), words(readable, "dim"))


def step_rows(step: Step) -> Iterator[Row]:
    """Yield why a step is there and what may come back."""
    for line in step_lines(step):
        yield (words(line, "prose"),)


def answer_rows(exchange: Exchange) -> Iterator[Row]:
    """Yield an answer exactly as it was received: every head in its bytes, then the body; and what went wrong."""
    exchange = masked(exchange)
    if exchange.error:
        yield (words(exchange.error.sentence, "bad"),)
        yield ()
    if exchange.received_head:
        yield from _head_rows(exchange.received_head)
    response = exchange.response
    if response is None:
        return
    body = response.body
    if isinstance(body, bytes):
        for error in parse_errors(body):
            yield (words(error.code, "bad"), words(f"  {MEANINGS.get(error.code, error.message)}"))
            if error.detail:
                yield (words("  detail: ", "dim"), words(error.detail))
    yield from body_rows(body)


def _head_rows(raw: bytes) -> Iterator[Row]:
    is_first = True
    for line in raw.decode("latin-1").replace("\r\n", "\n").removesuffix("\n").split("\n"):
        name, colon, value = line.partition(":")
        if is_first or not colon:
            yield (wire(line, "title"),)
        else:
            yield (wire(name, "name"), words(":", "dim"), wire(value))
        is_first = line == ""


def location_rows(exchange: Exchange) -> Iterator[Row]:
    """Yield where the answer's Location leads, what its state token says, and how that fits what was sent."""
    response = exchange.response
    location = response.headers.get("Location") if response else None
    if response is None or location is None:
        yield (words("the answer has no Location", "dim"),)
        return
    yield (words("Location ", "name"), wire(location))
    try:
        origin, target = resolve(exchange.request, location)
    except Stuck as stuck:
        yield (words(stuck.sentence, "bad"),)
        return
    if origin != exchange.request.origin:
        yield (words(f"leads to {origin}, but the request went to {exchange.request.origin}", "bad"),)
    elif location == target:
        yield (words(f"relative: leads to {origin}", "dim"),)
    for decoded in decode(target):
        yield (words(f"{decoded.kind}, decoded ", "name"), words(f"({decoded.basis})", "dim"))
        for name, value in decoded.fields:
            yield (words(f"  {name:<10}", "dim"), words(value), words(_fits(name, value, exchange, target), "good"))


def _fits(name: str, value: str, exchange: Exchange, target: str) -> str:
    """Return what a field of the token can be compared with, and that it fits; empty where it does not or cannot."""
    if name == "Name" and target.partition("?")[0].startswith(f"/v2/{value}/"):
        return "  = repository in the path"
    if name == "UUID" and f"/{value}" in target.partition("?")[0]:
        return "  = upload in the path"
    before = state_of(exchange.request.target)
    if name == "Offset" and exchange.request.method == "PATCH" and before:
        return "  = bytes sent so far" if value == str(before.offset + exchange.sent_size) else ""
    return ""


def sent_state_rows(request: Request) -> Iterator[Row]:
    """Yield what the state token in a request's own target says."""
    state = state_of(request.target)
    if state:
        yield (words("_state in this request ", "name"), words("(this registry's habit)", "dim"))
        yield (words("  Offset    ", "dim"), words(f"{state.offset}"))
        yield (words("  StartedAt ", "dim"), words(state.started_at))


def connection_rows(exchange: Exchange) -> Iterator[Row]:
    """Yield the connection and the times of an exchange."""
    connection, timings = exchange.connection, exchange.timings
    if connection.peer:
        kept = "kept connection" if connection.reused else "new connection"
        yield (words(f"{connection.local} to {connection.peer}, {kept} {connection.tls} {connection.cipher}", "dim"),)
    phases = (
        ("connected", timings.connected),
        ("sent", timings.sent),
        ("first byte", timings.first_byte),
        ("through", timings.finished),
    )
    shown = "  ".join(f"{name} {seconds * 1000:.1f} ms" for name, seconds in phases if seconds is not None)
    yield (words(shown, "dim"),)


def mark_of(state: State, exchange: Exchange, on_path: frozenset[int]) -> Span:
    """Return what became of an exchange, in a word: ok, refused, no answer, or kept (an attempt left behind)."""
    if exchange.error:
        return words("no answer", "bad")
    if exchange.id in on_path:
        return words("ok", "good")
    stands_after = state.path[-1] if state.path else 0
    is_at_the_end = isinstance(state.outcome, Blocked) and exchange.after == stands_after
    return words("refused", "bad") if exchange.status >= 400 or is_at_the_end else words("kept", "odd")


def timeline_row(state: State, exchange: Exchange, attempt: int, on_path: frozenset[int], width: int) -> Row:
    """Return an exchange as a row of the timeline, `width` cells wide; `attempt` counts from 1 within its step."""
    took = f"{exchange.timings.finished * 1000:.0f}ms" if exchange.timings.finished is not None else ""
    tail: Row = (words(f"{exchange.status or '---'} "), mark_of(state, exchange, on_path))
    if width >= _WIDE:
        tail = (words(f"{took:>8} ", "dim"), *tail)
    front = (
        words(f"{exchange.id:>4}", "dim"),
        words("~" if exchange.is_edited else " ", "edited"),
        wire(f"{exchange.request.method:<6} ", "name"),
    )
    title = exchange.title if attempt == 1 else f"attempt {attempt}: {exchange.title}"
    return _spread(front, words(title), tail, width)


def next_row(state: State, width: int, sending: str = "") -> Row:
    """Return the row of what is sent next."""
    if state.draft and state.draft.attempt_of:
        what, method = f"exchange {state.draft.attempt_of} again, edited", state.draft.request.method
    elif state.pending:
        request = state.draft.request if state.draft else state.pending.request
        what, method = state.pending.title, request.method
    else:
        return (words("   ✓ ", "good"), words("the conversation is through", "good"))
    edited = words("~" if state.draft else " ", "edited")
    tail = (words(sending or "next", "accent"),)
    return _spread(
        (words("   ▸", "accent"), edited, wire(f"{method:<6} ", "accent")), words(what, "accent"), tail, width
    )


def planned_row(title: str, width: int) -> Row:
    """Return the row of a step that is to come."""
    return _spread((words("   ·        ", "dim"),), words(title, "dim"), (words("planned", "dim"),), width)


def _spread(front: Row, middle: Span, tail: Row, width: int) -> Row:
    """Return a row whose middle is cut or filled so that status and mark stand in a column of their own at the end."""
    end = _TAIL + 9 if width >= _WIDE and len(tail) > 2 else _TAIL
    room = max(4, width - row_width(front) - end - 1)
    text = middle.text if len(middle.text) <= room else middle.text[: room - 1] + "…"
    return (*front, Span(f"{text:<{room}} ", middle.style), *tail)
