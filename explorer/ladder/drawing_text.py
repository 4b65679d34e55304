"""The ladder as text, to be pasted anywhere.

`=` are requests with a body, `x` is where no answer came, `.` where the source tells of none, `~` what was edited.
"""

from __future__ import annotations

from collections.abc import Iterator

from explorer.ladder.rungs import Ladder, Rung
from explorer.visible import shortened, size_text

_GUTTER = 7
_NARROWEST = 24


def as_text(ladder: Ladder, width: int = 100) -> str:
    """Draw a ladder in ASCII arrows, in lines of about that width."""
    return "\n".join(_lines(ladder, width)) + "\n"


def _lines(ladder: Ladder, width: int) -> Iterator[str]:
    gaps = max(1, len(ladder.lanes) - 1)
    step = max(_NARROWEST, (width - _GUTTER - 8) // gaps)
    names = [shortened(lane.name, step - 2) for lane in ladder.lanes]
    *before, last = names
    front = " " * (_GUTTER - 2) + "".join(name.ljust(step) for name in before)
    # The last lane's name ends where the drawing does, if it would go on beyond that.
    yield front[: max(len(front.rstrip()) + 2, min(len(front), width - len(last)))] + last
    for rung in ladder.rungs:
        yield _asked(rung, ladder, step)
        yield _answered(rung, ladder, step)
    if ladder.letters:
        yield ""
    for letter in ladder.letters:
        yield f"  [{letter.sign}] {letter.words}"
    if ladder.left_out:
        yield f"  {ladder.left_out} more exchanges are not drawn."


def _asked(rung: Rung, ladder: Ladder, step: int) -> str:
    line = "=" if rung.body else "-"
    body = f" {size_text(rung.body)}" if rung.body >= 1024 else ""
    mark = "~" if rung.is_edited else "+" if rung.is_repeat else " "
    label = f"{rung.request}{_signs(rung.carries)}{body}"
    return f"{rung.id:>4}{mark} " + _row(rung, ladder, step, line * 2, label, line, ">")


def _answered(rung: Rung, ladder: Ladder, step: int) -> str:
    line = {"failed": "x", "untold": "."}.get(rung.kind, "-")
    took = f"{rung.seconds * 1000:6.0f} ms" if rung.seconds is not None else ""
    label = f"{rung.answer}{_signs(rung.gives)}"
    return f"{' ' * 6}{_row(rung, ladder, step, '<' + line, label, line, line)} {took}".rstrip()


def _row(rung: Rung, ladder: Ladder, step: int, front: str, label: str, line: str, end: str) -> str:
    """Return one arrow from the client's line to that of the lane, with the other lanes' lines behind it."""
    room = rung.lane * step - 1
    text = f"{front} {shortened(label, room - len(front) - 4)} "
    arrow = f"|{text.ljust(room - 1, line)}{end}|"
    return arrow + "".join(" " * (step - 1) + "|" for _ in range(len(ladder.lanes) - 1 - rung.lane))


def _signs(signs: tuple[str, ...]) -> str:
    return "".join(f" [{sign}]" for sign in signs)
