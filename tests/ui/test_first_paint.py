"""The first screen loads what it shows, and nothing more: that is what makes it quick."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PAINT = """
import asyncio, sys
from explorer.ui.app import ExplorerApp

async def paint():
    async with ExplorerApp({given}).run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        print("\\n".join(sys.modules))

asyncio.run(paint())
"""

OF_LATER_USE = {
    *("httpx", "httpcore", "h11", "h2", "tarfile", "pygments", "explorer.practice", "explorer.lessons"),
    *("email", "zipfile", "gzip", "stringprep", "explorer.formats.exporting", "explorer.plain.handing"),
}


def modules_after_first_paint(given: str, before: str = "") -> set[str]:
    """Return the modules that are loaded once the app shows its first screen, in a process of its own."""
    code = before + PAINT.format(given=given)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=100
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("later", sorted({*OF_LATER_USE, "msgspec", "explorer.credentials", "explorer.workbench"}))
def test_the_start_screen_is_painted_without(later: str, start_modules: set[str]) -> None:
    assert "explorer.ui.screens.start" in start_modules
    assert later not in start_modules


@pytest.mark.parametrize("later", sorted({*OF_LATER_USE, "explorer.ui.screens.start"}))
def test_a_session_is_painted_without(later: str, open_modules: set[str], push_modules: set[str]) -> None:
    assert "explorer.ui.screens.stepper" in open_modules & push_modules
    assert later not in open_modules
    assert later not in push_modules


@pytest.fixture(scope="module")
def start_modules() -> set[str]:
    """The modules of the start screen."""
    return modules_after_first_paint("")


@pytest.fixture(scope="module")
def open_modules() -> set[str]:
    """The modules of a recording in the app."""
    opening = "from explorer.jobs import open_recording\nopened = open_recording('sessions/first-push.jsonl')\n"
    return modules_after_first_paint("opened.workbench", opening)


@pytest.fixture(scope="module")
def push_modules() -> set[str]:
    """The modules of a push before its first step, to a registry that is asked nothing yet."""
    opening = (
        "from explorer.jobs import PushJob, open_push\npushed = open_push(PushJob(target='localhost:5000/demo'))\n"
    )
    return modules_after_first_paint("pushed", opening)
