"""Draw the README's picture: a push of the sample into the built-in registry, refused once and mended.

Run it from the top of the project: `python tests/pictures/draw.py`. It writes `push.svg` beside itself.
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

HERE = Path(__file__).parent


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, and let each have its effect."""
    for key in keys:
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.pause()


async def draw() -> None:
    """Step, break, mend and step on; then export what the screen shows."""
    workbench = open_push(PushJob())
    async with ExplorerApp(workbench).run_test(size=(120, 36)) as pilot:
        await press(pilot, "enter", "enter", "e")
        head = pilot.app.screen.query_exactly_one("#head", TextArea)
        head.text = head.text.replace("&digest=", "?digest=", 1)
        await press(pilot, "f5", "up")
        svg = pilot.app.export_screenshot(title="registry-explorer", simplify=True)
    workbench.close()
    # The font is the reader's own: a picture that asks another host for one is not self-contained.
    (HERE / "push.svg").write_text(re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("sessions").mkdir()
        asyncio.run(draw())
