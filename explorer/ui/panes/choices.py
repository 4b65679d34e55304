"""A list to choose from: a sign, and not a colour alone, says which option is at hand."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import OptionList

from explorer.ui.text import POINTER


def signed(strip: Strip, at_hand: int | None) -> Strip:
    """Return a line of a list of options with the sign in its margin, where it belongs to the option at hand."""
    first = next(iter(strip), None)
    if first is None or first.style is None or at_hand is None or first.style.meta.get("option") != at_hand:
        return strip
    return Strip.join([Strip([Segment(POINTER, first.style)]), strip.crop(1)])


class Choices(OptionList):
    """A list of options; a sign stands before the one at hand, on each of its lines."""

    DEFAULT_CSS = "Choices > .option-list--option { padding: 0 1 0 2; }"

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        return signed(super().render_line(y), self.highlighted)
