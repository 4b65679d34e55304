"""An app that behaves as the user's settings say: its theme, its keys, ASCII only, what was wrong in the settings."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from textual.binding import Binding
from textual.filter import LineFilter

from explorer.settings import DEFAULT, Settings, is_gnu_screen, read_settings
from explorer.ui.ascii import Ascii
from explorer.ui.drawn import AllOf, Inert, Readable
from explorer.ui.hangup import watch_terminal
from explorer.ui.themes import THEMES
from explorer.ui.turns import KeysInTurn
from explorer.ui.typed_bytes import take_any_byte
from explorer.visible import visible

_SWITCH_SECONDS = 0.0002
"""So long a thread waits for its turn at most: what a frame is written by, or a key read."""

_SECONDS = 12.0
"""How long it is shown what in the settings is wrong."""


class MannersApp(KeysInTurn):
    """Takes the settings."""

    BINDINGS = [
        Binding(
            "colon,ctrl+p", "command_palette", "Commands", id="app.palette", show=False, tooltip="Everything by name"
        ),
    ]

    settings = DEFAULT
    _ascii = Ascii(enabled=False)
    _inert = Inert()
    _readable = Readable()
    _passed = AllOf(())

    def __init__(self) -> None:
        """Begin with the colours that the terminal has."""
        if is_gnu_screen(os.environ):
            os.environ.pop("COLORTERM", None)  # it speaks of the terminal around GNU screen
        super().__init__()

    def behave(self, settings: Settings) -> None:
        """Take the settings; before the app runs."""
        self.settings = settings
        self._ascii = Ascii(enabled=settings.ascii)

    def run_as_set(self) -> None:
        """Run as the user's settings say."""
        take_any_byte()
        watch_terminal()
        sys.setswitchinterval(_SWITCH_SECONDS)
        self.behave(read_settings())
        self.run(mouse=self.settings.mouse)

    def action_command_palette(self) -> None:
        """Show the palette, once."""
        from explorer.ui.screens.palette import Palette

        if not any(isinstance(screen, Palette) for screen in self.screen_stack):
            self.push_screen(Palette(id="--command-palette"))

    def get_key_display(self, binding: Binding) -> str:
        """Return how a key is called: Enter by its name everywhere, for which no font lacks a sign."""
        shown = super().get_key_display(binding)
        return "enter" if shown == "⏎" else shown

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every line passes before it is drawn."""
        filters = (*super().get_line_filters(), self._inert, self._readable)
        if self._ascii.enabled:
            filters = (*filters, self._ascii)
        if filters != self._passed.filters:
            self._passed = AllOf(filters)
        return [self._passed]

    def on_load(self) -> None:
        """Set the theme and the keys."""
        for theme in THEMES:
            self.register_theme(theme)
        problems = list(self.settings.problems)
        if self.settings.theme in self.available_themes:
            self.theme = self.settings.theme
        elif self.settings.theme:
            names = ", ".join(sorted(self.available_themes))
            problems.append(f"Settings: there is no theme {self.settings.theme!r}; there are {names}.")
        if self.settings.keys:
            from explorer.ui.bindings import usable

            keymap, wrong = usable(self.settings.keys)
            self.set_keymap(keymap)
            problems += wrong
        for problem in problems:
            self.call_later(
                self.notify, visible(problem), title="Settings", severity="warning", timeout=_SECONDS, markup=False
            )
