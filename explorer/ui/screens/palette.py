"""The palette: Textual's, with a sign before the command at hand."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.command import CommandInput, CommandList, CommandPalette
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.widgets import LoadingIndicator

from explorer.ui.panes.choices import signed


class Commands(CommandList):
    """The commands that fit."""

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        return signed(super().render_line(y), self.highlighted)


class Palette(CommandPalette):
    """Offers every command by its name."""

    DEFAULT_CSS = "Palette CommandInput { padding-left: 2; }"

    def compose(self) -> ComposeResult:
        """Lay out the field and the commands."""
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                yield CommandInput(placeholder="Search for a command", select_on_focus=False)
            with Vertical(id="--results"):
                yield Commands()
                yield LoadingIndicator()
