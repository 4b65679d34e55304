"""The command `ladder`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.errors import InputError
from explorer.ladder import Ladder, Rung, as_text, ladder_of
from explorer.plain.declared import command
from explorer.plain.desk import Desk


@command("ladder", "sequence", takes="[drawn]", group="looking")
def ladder(desk: Desk, argument: str) -> Iterator[str]:
    """Hear who asked whom, and which values travelled from which answer to which request; with drawn, as a drawing."""
    made = ladder_of(desk.state.exchanges, desk.bench.session.call)
    match argument.strip():
        case "":
            yield from _told(made)
        case "drawn":
            yield from as_text(made).rstrip("\n").split("\n")
        case other:
            raise InputError(f"A ladder is told, or drawn, and not '{other}'.")


def _told(made: Ladder) -> Iterator[str]:
    for lane in made.lanes[1:]:
        yield f"The {lane.name} is {lane.origin}."
    words = {letter.sign: letter.words for letter in made.letters}
    for rung in made.rungs:
        other = made.lanes[rung.lane].name
        yield f"{rung.id}. Client to {other}: {rung.request}{_values(', with', rung.carries, words)}"
        yield f"   back: {rung.answer}{_values(', giving', rung.gives, words)}{_took(rung)}"
    if made.left_out:
        yield f"{made.left_out} more exchanges are not told."


def _values(front: str, signs: tuple[str, ...], words: dict[str, str]) -> str:
    return f"{front} {', '.join(f'{sign} ({words.get(sign, sign)})' for sign in signs)}" if signs else ""


def _took(rung: Rung) -> str:
    basis = "" if rung.basis == "observed" else f", {rung.basis.upper()}"
    return f"{', edited' if rung.is_edited else ''}{basis}" + (
        f", {rung.seconds * 1000:.0f} ms" if rung.seconds is not None else ""
    )
