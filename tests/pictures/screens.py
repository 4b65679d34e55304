"""Draw a picture of each main screen at three sizes: `python tests/pictures/screens.py`, from the top of the project.

It writes `NAME-WIDTHxHEIGHT.svg` beside itself. What is shown is a push of the sample, refused once.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import TextArea

from explorer.jobs import PushJob, open_push
from explorer.ui.app import ExplorerApp

HERE = Path(__file__).resolve().parent
SIZES = ((80, 24), (120, 40), (200, 50))
SCREENS = {
    "next": ("home", "end"),
    "refused": ("exclamation_mark",),
    "editor": ("end", "e"),
    "findings": ("d",),
    "mend": ("exclamation_mark", "m"),
    "sequence": ("s",),
    "body": ("home", "2", "b"),
    "what-if": ("end", "w"),
    "help": ("question_mark",),
}
"""The keys that lead to each screen from the main one, after the refusal."""


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, and let each have its effect."""
    for key in keys:
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.pause()


def save(pilot: Pilot[None], name: str, size: tuple[int, int], folder: Path) -> None:
    """Write what the screen shows; the font is the reader's own, so that a picture asks no other host for one."""
    svg = pilot.app.export_screenshot(title="registry-explorer", simplify=True)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    (folder / f"{name}-{size[0]}x{size[1]}.svg").write_text(svg)


async def draw(name: str, keys: tuple[str, ...], size: tuple[int, int], folder: Path) -> None:
    """Break a push at its closing PUT, go to a screen, and save it."""
    workbench = open_push(PushJob())
    async with ExplorerApp(workbench).run_test(size=size) as pilot:
        while len(workbench.state.exchanges) < 2:
            await press(pilot, "enter")
        await press(pilot, "e")
        head = pilot.app.screen.query_exactly_one("#head", TextArea)
        head.text = head.text.replace("&digest=", "?digest=", 1)
        await press(pilot, "f5", *keys)
        save(pilot, name, size, folder)
    workbench.close()


async def draw_start(size: tuple[int, int], folder: Path) -> None:
    """Save the start screen."""
    async with ExplorerApp().run_test(size=size) as pilot:
        await pilot.pause()
        save(pilot, "start", size, folder)


async def draw_all(folder: Path) -> None:
    """Draw every screen at every size."""
    for size in SIZES:
        await draw_start(size, folder)
        for name, keys in SCREENS.items():
            await draw(name, keys, size, folder)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        Path("sessions").mkdir()
        asyncio.run(draw_all(HERE))
