"""The command `run`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.breakpoints import parse_breakpoint
from explorer.errors import InputError
from explorer.plain.declared import command
from explorer.plain.desk import Desk
from explorer.plain.sending import ran


@command("run", "4", takes="[until BREAKPOINT]", group="sending")
def run(desk: Desk, argument: str) -> Iterator[str]:
    """Send this and all that follow: to the end, or to a breakpoint.

    BREAKPOINT is surprise (the first answer that is not what the specification wants first), before WORDS (of a
    step's title), or a filter: ~s 4xx, ~h OCI-Chunk-Min-Length, ~m PATCH. A run ends, too, where it is refused. Ctrl-C
    pauses it after the exchange that is under way; pressed again, it stops that.
    """
    word, _, text = argument.strip().partition(" ")
    if word not in ("", "until"):
        raise InputError(f"'run {argument}' is no run: write run, or run until BREAKPOINT.")
    yield from ran(desk, parse_breakpoint(text) if word else None)
