"""The commands `help` and `quit`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.plain.declared import command
from explorer.plain.desk import Desk, nothing_follows


@command("help", "?", takes="[WORD]", group="the program")
def help(desk: Desk, argument: str) -> Iterator[str]:
    """List the commands, or explain one."""
    from explorer.plain.commands import command_named, line_commands

    del desk
    if argument.strip():
        one = command_named(argument.strip())
        yield one.usage
        if one.also:
            yield f"Also: {', '.join(one.also)}"
        yield from (line for line in one.help.split("\n") if line)
        return
    group = ""
    for one in line_commands().values():
        if one.group != group:
            group = one.group
            yield f"For {group}:"
        yield f"  {one.usage}: {one.line}"
    yield "A word can be cut short where only one command begins so. Enter alone is send."


@command("quit", "0", "q", "exit", group="the program")
def quit(desk: Desk, argument: str) -> Iterator[str]:
    """Leave; the recordings stay."""
    nothing_follows(argument, "quit")
    desk.is_left = True
    yield from ()
