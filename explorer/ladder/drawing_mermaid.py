"""The ladder as a Mermaid sequence diagram, as issue trackers draw it."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.ladder.rungs import Ladder, Rung
from explorer.visible import shortened, size_text

_LONGEST = 90
# Mermaid reads these in the text of a message; an entity stands for each.
_ENTITIES = {ord(sign): f"#{ord(sign)};" for sign in "#;:<>{}[]()\"'`&%*_|\\~"}


def as_mermaid(ladder: Ladder) -> str:
    """Draw a ladder as the source of a sequence diagram."""
    return "\n".join(_lines(ladder)) + "\n"


def _lines(ladder: Ladder) -> Iterator[str]:
    yield "sequenceDiagram"
    for index, lane in enumerate(ladder.lanes):
        name = f"{lane.name} {lane.origin.partition('://')[2]}".strip()
        yield f"    participant p{index} as {_text(name)}"
    for rung in ladder.rungs:
        yield from _rung(rung)
    if ladder.letters:
        words = ", ".join(f"{letter.sign} = {letter.words}" for letter in ladder.letters[:40])
        yield f"    Note over p0: {_text(words, 1000)}"
    if ladder.left_out:
        yield f"    Note over p0: {ladder.left_out} more exchanges are not drawn"


def _rung(rung: Rung) -> Iterator[str]:
    body = f" {size_text(rung.body)}" if rung.body else ""
    mark = " ~ edited" if rung.is_edited else ""
    yield f"    p0->>p{rung.lane}: {_text(f'{rung.id}. {rung.request}{_signs(rung.carries)}{body}{mark}')}"
    arrow = "--x" if rung.kind == "failed" else "-->>"
    sign = "✗ " if rung.kind in ("refused", "failed") else ""
    yield f"    p{rung.lane}{arrow}p0: {_text(f'{sign}{rung.answer}{_signs(rung.gives)}')}"


def _signs(signs: tuple[str, ...]) -> str:
    return "".join(f" ({sign})" for sign in signs)


def _text(text: str, longest: int = _LONGEST) -> str:
    return shortened(text, longest).translate(_ENTITIES) or "-"
