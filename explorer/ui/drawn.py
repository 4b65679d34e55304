"""What every line passes before it is drawn, whoever drew it: it is inert, and its text stands out from its ground.

`text.py` makes text of the wire visible before a pane gets it. Fields in which text is typed or pasted hold it as it
is, since it goes out so; what is drawn of them passes here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from explorer.visible import visible

LEAST_CONTRAST = 4.5
"""The contrast that text has to have at least, as WCAG 2 counts it (1.4.3, level AA)."""

_OTHER = re.compile("[^\x20-\x7e\u2500-\u259f]")
_DRAWN_ONLY = re.compile("[\x20\u2500-\u259f]*")
_STEPS = 20


class AllOf(LineFilter):
    """Several filters as one, so that a line that is drawn again is looked up once."""

    def __init__(self, filters: Sequence[LineFilter]) -> None:
        super().__init__()
        self.filters = tuple(filters)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return what one filter after the other makes of the segments."""
        for one in self.filters:
            segments = one.apply(segments, background)
        return segments


class Inert(LineFilter):
    """Draws nothing that a terminal obeys or that a reader cannot see: a sign stands for it.

    The line stays as wide as it was, at the cost of the blanks at its end.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return segments of the same width."""
        del background
        texts = ["" if segment.control else _OTHER.sub(_sign, segment.text) for segment in segments]
        if all(segment.control or segment.text == text for segment, text in zip(segments, texts, strict=True)):
            return segments
        width = sum(cell_len(segment.text) for segment in segments if not segment.control)
        return _as_wide([Segment(text, style) for text, (_, style, _) in zip(texts, segments, strict=True)], width)


def _sign(found: re.Match[str]) -> str:
    character = found[0]
    if visible(character) == character:
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return ("␣" if character.isspace() else "␦") * (get_character_cell_size(character) or 1)


def _as_wide(segments: list[Segment], width: int) -> list[Segment]:
    """Return segments cut at the end of a line of so many cells."""
    kept: list[Segment] = []
    room = width
    for segment in segments:
        text = segment.text
        while text and cell_len(text) > room:
            text = text[:-1]
        room -= cell_len(text)
        kept.append(Segment(text, segment.style, segment.control))
    if room:
        kept.append(Segment(" " * room, kept[-1].style))
    return kept


class Readable(LineFilter):
    """Draws text in its colour where that stands out from its ground, else in one nearer to white or black."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the same text in colours that stand out; frames and bars keep theirs."""
        ground = background.rich_color
        return [
            segment
            if segment.style is None or _DRAWN_ONLY.fullmatch(segment.text)
            else Segment(segment.text, readable(segment.style, ground), segment.control)
            for segment in segments
        ]


@lru_cache(4096)
def readable(style: Style, ground: RichColor) -> Style:
    """Return a style whose text has the least contrast at least; `ground` is that where the style has none."""
    text, behind = style.color, style.bgcolor
    if behind is None or behind.is_default:
        behind = ground
    if text is None or text.triplet is None or behind.triplet is None:
        return style
    front, back = Color.from_rich_color(text), Color.from_rich_color(behind)
    if contrast(front, back) >= LEAST_CONTRAST:
        return style
    ends = (Color(255, 255, 255), Color(0, 0, 0))
    end = max(ends, key=lambda colour: contrast(colour, back))
    for step in range(1, _STEPS + 1):
        nearer = front.blend(end, step / _STEPS)
        if contrast(nearer, back) >= LEAST_CONTRAST:
            break
    return style + Style.from_color(nearer.rich_color)


def contrast(text: Color, ground: Color) -> float:
    """Return the contrast of two colours as WCAG 2 defines it (1 to 21)."""
    lights = sorted((_light(text), _light(ground)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _light(colour: Color) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
