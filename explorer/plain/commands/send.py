"""The command `send`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.plain.declared import command
from explorer.plain.desk import Desk, nothing_follows
from explorer.plain.sending import sent
from explorer.standing import next_request


@command("send", "1", group="sending")
def send(desk: Desk, argument: str) -> Iterator[str]:
    """Send the next request, edited or not. An empty line does the same.

    What comes back is told, with the verdict of the specification and with what is wrong. Ctrl-C stops a transfer in
    the middle, and not the program; how many bytes had left is recorded.
    """
    nothing_follows(argument, "send")
    yield from sent(desk, desk.bench.send, next_request(desk.state))
