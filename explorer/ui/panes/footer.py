"""The line of keys, which is drawn anew when what it says is no longer true."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widgets import Footer


class TrueFooter(Footer):
    """Shows the keys of a screen some of whose actions are possible only at times."""

    def __init__(self, actions: Sequence[str]) -> None:
        """Watch actions by their names."""
        super().__init__(compact=True, show_command_palette=False)
        self._actions = tuple(actions)
        self._shown: tuple[bool | None, ...] = ()

    def compose(self) -> ComposeResult:
        """Show what is possible, and remember what that was; Textual asks for it at times of its own, too."""
        self._shown = self._possible()
        yield from super().compose()

    def tell_the_truth(self) -> None:
        """Draw the keys again, where others are possible than are shown."""
        possible = self._possible()
        if possible != self._shown:
            self._shown = possible
            self.screen.refresh_bindings()

    def _possible(self) -> tuple[bool | None, ...]:
        return tuple(self.screen.check_action(action, ()) for action in self._actions)
