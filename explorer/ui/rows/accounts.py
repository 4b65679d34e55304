"""The account of an upload: one bar with four marks, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.account import Account
from explorer.ui.text import Row, words
from explorer.visible import size_text

_WIDEST = 60
_BESIDE = 6
"""Cells beside the bar: its indent and frame, and the three signs that may stand at its end."""


def account_rows(account: Account, width: int) -> Iterator[Row]:
    """Yield a bar over the bytes of the file with the marks of what was sent, admitted and claimed, and a legend."""
    figures = (
        ("s", "sent", account.sent),
        ("a", "admitted by Range", account.admitted),
        ("c", "claimed by the token", account.claimed),
    )
    known = [(sign, name, count) for sign, name, count in figures if count is not None]
    whole = max(account.size or 0, *(count for _, _, count in known), 1)
    cells = max(10, min(width - _BESIDE, _WIDEST))
    size = f"{size_text(account.size)} in the file" if account.size is not None else "size not known yet"
    closed = ", closed" if account.is_closed else ""
    yield (words("upload ", "name"), words(f"{account.upload.rpartition('/')[2]}{closed}", "dim"))
    filled = round(cells * account.sent / whole)
    yield (words("  [", "dim"), words("█" * filled, "good"), words("░" * (cells - filled), "dim"), words("]", "dim"))
    yield (words("   " + _marks([(sign, count) for sign, _, count in known], whole, cells), "accent"),)
    legend = "  ".join(f"{sign} {name} {count}" for sign, name, count in known)
    yield (words("  "), words(f"{legend}  of {size}", "prose"))
    if account.unanswered:
        yield (words(f"  {account.unanswered} more left, and no answer says what became of them", "warned"),)
    for disagreement in account.disagreements:
        yield (words("  ! ", "bad"), words(disagreement, "warned"))


def _marks(marks: list[tuple[str, int]], whole: int, cells: int) -> str:
    """Return the signs at their places under the bar; those of one place stand one after the other."""
    places: dict[int, str] = {}
    for sign, count in marks:
        place = min(cells, round(cells * count / whole))
        places[place] = places.get(place, "") + sign
    line = ""
    for place, signs in sorted(places.items()):
        line += " " * max(0, place - len(line)) + signs
    return line
