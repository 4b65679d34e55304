"""Waiting for the palette, which looks for commands beside the keys."""

from __future__ import annotations

import time

from textual.command import CommandList
from textual.pilot import Pilot

from explorer.ui.screens.palette import Palette

PATIENCE = 60.0


async def until_offered(pilot: Pilot[None], word: str = "") -> None:
    """Wait until the palette is there, and what it offers first has a word in it."""
    end = time.monotonic() + PATIENCE
    while not _offers(pilot, word):
        assert time.monotonic() < end, f"the palette does not offer {word!r}"
        await pilot.pause(0.02)


def _offers(pilot: Pilot[None], word: str) -> bool:
    screen = pilot.app.screen
    found = screen.query(CommandList) if isinstance(screen, Palette) else ()
    return any(one.option_count and word in str(one.get_option_at_index(0).prompt) for one in found)
