"""Which lines of a sheet differ from the request that was proposed."""

from __future__ import annotations

from difflib import SequenceMatcher

from explorer.editing.sheets import Line, Sheet
from explorer.frozen import frozen

_MOST_LINES = 400


@frozen
class Change:
    """A line that was added ('+') or changed ('~'), by its number; or one that is gone ('-'), by where it stood."""

    sign: str
    number: int
    before: str = ""


def changes(proposed: Sheet, sheet: Sheet) -> tuple[Change, ...]:
    """Return what differs, in the order of the sheet's lines; a row that is off counts as changed."""
    one, two = _lines(proposed), _lines(sheet)
    if max(len(one), len(two)) > _MOST_LINES:
        return tuple(Change("~", number) for number, line in enumerate(two) if one[number : number + 1] != [line])
    found: list[Change] = []
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    for tag, start, end, other, other_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        for number in range(max(end - start, other_end - other)):
            is_left, is_right = start + number < end, other + number < other_end
            before = proposed.text(start + number) if is_left else ""
            sign = "~" if is_left and is_right else "+" if is_right else "-"
            found.append(Change(sign, min(other + number, other_end), before))
    return tuple(found)


def _lines(sheet: Sheet) -> list[tuple[type, Line]]:
    return [(type(line), line) for line in sheet.lines]
