"""The commands `wait`, `held` and `go`: what clients do at the recorder, and what of it is held."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from explorer.errors import InputError
from explorer.plain.declared import command
from explorer.plain.desk import Desk, lines_after, nothing_follows, number_in, numbered
from explorer.plain.telling import row_told

if TYPE_CHECKING:
    from explorer.live import LiveWorkbench
    from explorer.recorder.pausing import Held

_LOOK_SECONDS = 0.05


def _live(desk: Desk) -> LiveWorkbench:
    from explorer.live import LiveWorkbench

    bench = desk.bench
    if not isinstance(bench, LiveWorkbench):
        raise InputError("No recorder is behind this session: record UPSTREAM --plain --pause EXPRESSION has one.")
    return bench


@command("wait", takes="[N]", group="recording")
def wait(desk: Desk, argument: str) -> Iterator[str]:
    """Wait until the next exchange of a client is over, or N of them, or something is held. Ctrl-C ends the waiting."""
    live = _live(desk)
    wanted = number_in(argument) if argument.strip() else 1
    told = desk.heard
    while not (held := live.recorder.pauses.held) and len(desk.state.exchanges) < told + wanted:
        time.sleep(_LOOK_SECONDS)
    state = desk.state
    desk.heard = len(state.exchanges)
    for exchange in state.exchanges[told:]:
        yield row_told(state, exchange, frozenset(state.path))
    if live.problem:
        yield live.problem
    yield from (f"Held: {one.side} {one.what}" for one in held)


@command("held", group="recording")
def held(desk: Desk, argument: str) -> Iterator[str]:
    """Show the head that has been held longest, as it is about to be passed on, and how many wait besides."""
    nothing_follows(argument, "held")
    waiting = _live(desk).recorder.pauses.held
    if not waiting:
        yield "Nothing is held."
        return
    yield f"Held: {waiting[0].side} {waiting[0].what}"
    yield from numbered(waiting[0].lines())
    if len(waiting) > 1:
        yield f"And {len(waiting) - 1} more."


@command("go", takes="[edited]", group="recording")
def go(desk: Desk, argument: str) -> Iterator[str]:
    """Let what has been held longest go, as it is; with edited, change the lines of its head first."""
    waiting = _live(desk).recorder.pauses.held
    if not waiting:
        raise InputError("Nothing is held, so there is nothing to let go.")
    first = waiting[0]
    if argument.strip() not in ("", "edited"):
        raise InputError(f"'go {argument}' is not understood: write go, or go edited.")
    if not argument.strip():
        first.let_go()
    elif not _edited(desk, first):
        yield "It is held on."
        return
    while first in _live(desk).recorder.pauses.held:
        time.sleep(_LOOK_SECONDS)
    yield f"Gone on: {first.side} {first.what}"


def _edited(desk: Desk, first: Held) -> bool:
    """Ask for edits of a head, and let it go; False where it is to be held on."""
    lines = [*first.lines()]
    desk.say("N TEXT, + TEXT, - N; an empty line lets it go, cancel holds it on.")
    while True:
        desk.say_all(numbered(lines))
        try:
            typed = desk.ask("held> ")
        except EOFError:
            return False
        word, _, rest = typed.lstrip().partition(" ")
        if word == "cancel":
            return False
        if not word:
            first.let_go_as(lines)
            return True
        try:
            lines = lines_after(lines, word, rest)
        except InputError as problem:
            desk.say(problem.sentence)
