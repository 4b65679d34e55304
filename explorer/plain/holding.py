"""The recorder in line mode: what clients send is waited for, looked at, held and let go by typed commands."""

from __future__ import annotations

from explorer.live import LiveWorkbench
from explorer.plain.desk import Ask, Say
from explorer.plain.prompts import Prompts
from explorer.recorder.hints import begin_lines
from explorer.visible import visible


def record_with_prompts(live: LiveWorkbench, say: Say, ask: Ask, *, is_script: bool) -> int:
    """Take commands until the user leaves, while a recorder that listens already records; returns the exit status.

    That is 0, as what clients are told is no failure of the recording, but 2 after a command of a script that could
    not be done.
    """
    for line in begin_lines(live.wanted, live.recorder.address, end="quit"):
        say(visible(line))
    say("wait waits for what a client does, held shows what is held, go lets it go.")
    status = Prompts(live, say, ask, is_script=is_script).run()
    return status if status == 2 else 0
