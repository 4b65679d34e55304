"""The command `suppose`: what if the registry had answered something else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from explorer.editing.outside import edit_outside
from explorer.errors import FormatError, InputError, Problem
from explorer.model import Request, Response
from explorer.plain.declared import command
from explorer.plain.desk import Desk, lines_after, numbered
from explorer.plain.telling import answer_told
from explorer.standing import next_request
from explorer.supposing import answer_of, answer_text

_HELP = "N TEXT, + HEADER, - N, body TEXT, body @FILE, editor; an empty line supposes it, cancel gives it up."


@command("suppose", "what-if", takes="[N]", group="sending")
def suppose(desk: Desk, argument: str) -> Iterator[str]:
    """Type an answer as if the registry had given it, and see how the conversation goes on.

    It is the answer to the next request, or in the place of that of exchange N. Nothing is sent; the exchange is marked
    as MADE UP everywhere, exports included.
    """
    state = desk.state
    exchange = desk.exchange(argument) if argument.strip() else None
    if exchange is None and state.pending is None:
        raise InputError("The conversation is through; name an exchange whose answer is to be another one.")
    before = exchange.response if exchange else None
    response = _typed(desk, before, exchange.request if exchange else next_request(state))
    if response is None:
        yield "Nothing is supposed."
        return
    desk.bench.suppose(response, exchange.id if exchange else 0)
    desk.work.at = 0
    made_up = desk.state.exchanges[-1]
    yield f"Exchange {made_up.id} is MADE UP: nothing was sent."
    yield from answer_told(made_up)


def _typed(desk: Desk, before: Response | None, request: Request | None) -> Response | None:
    """Ask for an answer until it can be read and is supposed; None where it was given up."""
    text = answer_text(before, request)
    desk.say(f"The answer, made up: {_HELP}")
    _show(desk, text)
    while True:
        try:
            line = desk.ask("answer> ")
        except EOFError:
            return None
        if line.strip() == "cancel":
            return None
        try:
            if not line.strip():
                return answer_of(text, before)
            text = _changed(text, line)
        except Problem as problem:
            desk.say(problem.sentence)
            continue
        _show(desk, text)


def _show(desk: Desk, text: str) -> None:
    head, _, body = text.partition("\n\n")
    desk.say_all(numbered(head.rstrip("\n").split("\n")))
    desk.say(f"     (body: {body.count(chr(10)) + 1 if body else 0} lines)")


def _changed(text: str, line: str) -> str:
    head, _, body = text.partition("\n\n")
    lines = head.rstrip("\n").split("\n")
    word, _, rest = line.lstrip().partition(" ")
    match word:
        case "editor":
            return edit_outside(text)
        case "body":
            return f"{chr(10).join(lines)}\n\n{_body(rest)}"
        case _:
            return f"{chr(10).join(lines_after(lines, word, rest))}\n\n{body}"


def _body(text: str) -> str:
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).expanduser().read_bytes().decode("utf-8", "surrogateescape")
    except (OSError, ValueError, RuntimeError) as bad:
        raise FormatError(text[1:], f"the body cannot be read from there: {bad}.") from bad
