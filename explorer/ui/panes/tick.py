"""A box that is ticked or empty, whatever the colours are."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Checkbox


class Tick(Checkbox):
    """A box that is ticked or empty."""

    def __init__(self, label: Content, value: bool = False, *, id: str) -> None:
        super().__init__(label, value, id=id)
        self._fill()

    def watch_value(self) -> None:
        """Draw the box that goes with the value."""
        self._fill()
        super().watch_value()

    def _fill(self) -> None:
        self.BUTTON_INNER = "X" if self.value else " "
