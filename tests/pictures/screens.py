"""Draw a picture of each screen at three sizes: `python -m tests.pictures.screens [NAME]`, from the top of the project.

It writes `NAME-WIDTHxHEIGHT.svg` beside itself. Most show a push of the sample, refused once.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import re
import sys
import tempfile
import threading
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import TextArea

from explorer.jobs import PushJob, open_push
from explorer.jobs.recording import open_live
from explorer.model import FlowCall, Session
from explorer.practice import PracticeRegistry
from explorer.recorder import Recording
from explorer.ui.app import ExplorerApp
from explorer.ui.recording import RecordingApp

HERE = Path(__file__).resolve().parent
SIZES = ((80, 24), (120, 40), (200, 50))
SCREENS = {
    "next": ("home", "end"),
    "refused": ("exclamation_mark",),
    "editor": ("end", "e"),
    "parts": ("exclamation_mark", "e", "f3", "down", "down", "space"),
    "hex": ("exclamation_mark", "up", "e", "f7"),
    "findings": ("d",),
    "mend": ("exclamation_mark", "m"),
    "sequence": ("s",),
    "body": ("exclamation_mark", "2", "b"),
    "what-if": ("end", "w"),
    "filter": ("slash", *"~s 4xx"),
    "compare": ("exclamation_mark", "v", "up", "v"),
    "report": ("R",),
    "until": ("end", "p"),
    "afresh": ("home", "A"),
    "faults": ("ctrl+p", *"faults", "enter", *"digest", "down"),
    "palette": ("ctrl+p", "down", "down"),
    "help": ("question_mark",),
}
"""The keys that lead to each screen from the main one, after the refusal."""

FROM_START = {
    "start": (),
    "push-form": (*["down"] * 2, "enter"),
    "open-form": (*["down"] * 3, "enter"),
    "conversations": (*["down"] * 4, "enter"),
    "conversation-form": (*["down"] * 4, "enter", *["down"] * 3, "enter"),
    "options": (*["down"] * 5, "enter"),
    "lessons": ("down", "enter"),
    "lesson": ("down", "enter", *["enter"] * 4),
}
"""The keys that lead to each screen from the start screen."""

RECORDING = {"recorder": ("end", "up"), "held": ("h",)}
"""The keys that lead to each screen from the recorder's, where a PUT is held after other exchanges."""

ALL = (*SCREENS, *FROM_START, *RECORDING)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, and let each have its effect."""
    for key in keys:
        await pilot.press("space" if key == " " else key)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.pause()


def save(pilot: Pilot[None], name: str, size: tuple[int, int], folder: Path) -> None:
    """Write what the screen shows; the font is the reader's own, so that a picture asks no other host for one."""
    svg = pilot.app.export_screenshot(title="registry-explorer", simplify=True)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    (folder / f"{name}-{size[0]}x{size[1]}.svg").write_text(svg)


async def draw(name: str, size: tuple[int, int], folder: Path) -> None:
    """Break a push at its closing PUT, go to a screen, and save it."""
    workbench = open_push(PushJob())
    async with ExplorerApp(workbench).run_test(size=size) as pilot:
        while len(workbench.state.exchanges) < 2:
            await press(pilot, "enter")
        await press(pilot, "e")
        head = pilot.app.screen.query_exactly_one("#head", TextArea)
        head.text = head.text.replace("&digest=", "?digest=", 1)
        await press(pilot, "f5", *SCREENS[name])
        save(pilot, name, size, folder)
    workbench.close()


async def draw_from_start(name: str, size: tuple[int, int], folder: Path) -> None:
    """Go to a screen from the start, and save it."""
    app = ExplorerApp()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await press(pilot, *FROM_START[name])
        save(pilot, name, size, folder)
    app.finish()


async def draw_recording(name: str, size: tuple[int, int], folder: Path) -> None:
    """Record a client whose PUT is held, go to a screen, and save it."""
    with PracticeRegistry() as registry:
        wanted = Recording(registry.origin, pauses=("request ~m PUT",))
        live = open_live(wanted, Session("registry-explorer", 1.0, FlowCall("")), folder / "recorded.jsonl")
        live.start()
        client = threading.Thread(target=_push, args=(live.recorder.address.authority,))
        client.start()
        app = RecordingApp(live, ())
        async with app.run_test(size=size) as pilot:
            while len(live.state.exchanges) < 3 or not live.recorder.pauses.held:
                await pilot.pause(0.05)
            await press(pilot, *RECORDING[name])
            save(pilot, name, size, folder)
        for held in live.recorder.pauses.held:
            held.let_go()
        client.join()
        live.close()
    (folder / "recorded.jsonl").unlink()


def _push(authority: str) -> None:
    """Do as a client would: ask, open an upload, send bytes, close it."""
    client = http.client.HTTPConnection(authority)

    def ask(method: str, target: str, body: bytes = b"") -> str:
        client.request(method, target, body, {"User-Agent": "some-client/1.0"})
        answer = client.getresponse()
        answer.read()
        return re.sub("^https?://[^/]*", "", answer.headers.get("Location", ""))

    ask("GET", "/v2/")
    sent = ask("PATCH", ask("POST", "/v2/demo/app/blobs/uploads/"), b"bytes of a layer")
    digest = "sha256:d3b07384d113edec49eaa6238ad5ff00c7bd0a6f0fb2bbd9e5d0f9b8e7a1d4c2"
    ask("PUT", f"{sent}&digest={digest}")


async def draw_one(name: str, size: tuple[int, int], folder: Path) -> None:
    """Draw one screen at one size."""
    if name in SCREENS:
        await draw(name, size, folder)
    elif name in FROM_START:
        await draw_from_start(name, size, folder)
    else:
        await draw_recording(name, size, folder)


async def draw_all(names: tuple[str, ...], folder: Path) -> None:
    """Draw screens at every size."""
    for size in SIZES:
        for name in names:
            await draw_one(name, size, folder)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        os.environ["XDG_DATA_HOME"] = "data"
        Path("sessions").mkdir()
        asyncio.run(draw_all(tuple(sys.argv[1:]) or ALL, HERE))
