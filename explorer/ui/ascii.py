"""ASCII mode: everything that is drawn, frames and scrollbars included, passes through one filter of Textual's.

Each character is drawn in as many cells as before, so that nothing moves.
"""

from __future__ import annotations

import re

from rich.cells import get_character_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

SIGNS = {
    "▸": ">", "·": ".", "✓": "+", "✗": "x", "←": "<", "→": ">", "↑": "^", "↓": "v", "…": "*", "•": "*", "◇": "o",
    "─": "-", "━": "=", "═": "=", "│": "|", "┃": "H", "║": "|", "█": "#", "░": ".", "▒": ":", "▓": "#",
    "▁": "_", "▔": "-", "▎": "|", "▏": "|", "▊": "|", "▌": "|", "▐": "|", "▕": "|", "⟨": "<", "⟩": ">",
    "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "×": "x", "‖": "|", "▶": ">", "▼": "v", "␣": "_",
    "≥": ">", "≤": "<", "≠": "#", "⭘": "o", "●": "*", "○": "o", "✔": "+", "✘": "x", "⏎": "<",
}  # fmt: skip
"""What is drawn for each sign of the program and of Textual."""

_BEYOND = re.compile(r"[^\x20-\x7e]")
_CUT = re.compile("…(?=  )(..)")


def ascii_text(text: str) -> str:
    """Return text of the same width in ASCII: a sign for each of ours, `?` for each cell of anything else."""
    return text if text.isascii() else _BEYOND.sub(_sign, _CUT.sub("...", text))


def _sign(found: re.Match[str]) -> str:
    character = found[0]
    if sign := SIGNS.get(character):
        return sign
    code = ord(character)
    if 0x2500 <= code < 0x2580:
        return "+"
    if 0x2580 <= code < 0x25A0:
        return " "
    if 0x2400 <= code < 0x2420:
        return "^"
    return "?" * get_character_cell_size(character)


class Ascii(LineFilter):
    """Draws ASCII only."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return segments of the same width."""
        del background
        return [
            Segment(ascii_text(text), style, control) if not control else Segment(text, style, control)
            for text, style, control in segments
        ]
