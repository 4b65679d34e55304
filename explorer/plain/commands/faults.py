"""The command `faults`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.errors import InputError
from explorer.faults.switchboard import Switchboard
from explorer.plain.declared import command
from explorer.plain.desk import Desk
from explorer.plain.faults import one_fault


@command("faults", takes="[on NAME[=ARGUMENT] or off NAME or NAME]", group="practising")
def faults(desk: Desk, argument: str) -> Iterator[str]:
    """List the ways in which the built-in registry can go wrong, switch one on or off, or have NAME explained.

    It takes effect with the next request.
    """
    word, _, name = argument.strip().partition(" ")
    if word not in ("", "on", "off"):
        yield from (line for line in one_fault(argument.strip()) if line)
        return
    board = desk.bench.faults
    if board is None:
        raise InputError("The other side of this session is not the built-in registry, so it has no faults to switch.")
    match word:
        case "on":
            made = board.switch_on(name)
            yield f"On: {made.text}. {made.kind.line}"
        case "off":
            yield f"Off: {name.strip()}." if board.switch_off(name.strip()) else f"{name.strip()} was not on."
        case _:
            yield from _listed(board)


def _listed(board: Switchboard) -> Iterator[str]:
    on = {one.kind.name: one.text for one in board.on}
    for kind in board.kinds:
        yield f"{on.get(kind.name, kind.usage)}{', ON' if kind.name in on else ''}: {kind.line}"
    yield f"On: {', '.join(on.values()) or 'none'}."
