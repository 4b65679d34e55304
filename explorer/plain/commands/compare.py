"""The command `compare`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.compare import compare_exchanges, compare_sessions
from explorer.errors import InputError
from explorer.plain.comparing import comparison_told
from explorer.plain.declared import command
from explorer.plain.desk import Desk
from explorer.plain.replaying import difference_lines


@command("compare", takes="N [M] or session K or FILE", group="comparing")
def compare(desk: Desk, argument: str) -> Iterator[str]:
    """Compare exchange N with M (without M the one at hand), or this session with another one, or with a file.

    The verdict comes first; ids, states, dates and tokens, which differ from run to run, are only counted. In a replay,
    compare alone compares it with what was recorded.
    """
    words = argument.split()
    if not words and desk.work.compared:
        yield from difference_lines(desk.work.compared())
    elif len(words) in (1, 2) and all(word.isdecimal() for word in words):
        left = desk.exchange(words[0])
        right = desk.exchange(words[1] if len(words) > 1 else "")
        yield f"Exchanges {left.id} and {right.id}:"
        yield from comparison_told(compare_exchanges(left, right), (f"in {left.id}", f"in {right.id}"))
    elif len(words) == 2 and words[0] == "session":
        place = desk.place_of(words[1])
        other, names = desk.works[place].bench.state.exchanges, ("here", f"in session {place + 1}")
        yield from difference_lines(compare_sessions(desk.state.exchanges, other), names)
    elif words:
        yield from _with_file(desk, argument.strip())
    else:
        raise InputError("Say what to compare: two exchanges (compare 3 4), session K, or a file.")


def _with_file(desk: Desk, path: str) -> Iterator[str]:
    from explorer.formats.importing import import_file

    imported = import_file(path)
    if imported.remark:
        yield imported.remark
    yield from difference_lines(compare_sessions(desk.state.exchanges, imported.session.exchanges), ("here", "there"))
