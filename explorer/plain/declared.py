"""How a command of the line mode declares itself: its word, what may follow it, its place in the list."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from explorer.frozen import frozen

if TYPE_CHECKING:
    from explorer.plain.desk import Desk

GROUPS = (
    "sending",
    "changing",
    "looking",
    "understanding",
    "comparing",
    "handing out",
    "practising",
    "recording",
    "the program",
)
"""What commands are for, in the order in which they are listed."""

Does = Callable[["Desk", str], Iterator[str]]
"""Does a command with what was typed after its word, and yields what is to be said, a line at a time."""


@frozen
class LineCommand:
    """A command: its word, other words for it, what may follow, its group, and what does it."""

    word: str
    does: Does
    also: tuple[str, ...] = ()
    takes: str = ""
    group: str = GROUPS[-1]

    @property
    def usage(self) -> str:
        """The word with what may follow it."""
        return f"{self.word} {self.takes}".strip()

    @property
    def help(self) -> str:
        """What it does, for the user."""
        return inspect.cleandoc(self.does.__doc__ or "")

    @property
    def line(self) -> str:
        """The first sentence of its help."""
        return self.help.split("\n\n", 1)[0].replace("\n", " ")


def command(word: str, *also: str, takes: str = "", group: str) -> Callable[[Does], LineCommand]:
    """Make a command of a generator function; its docstring is the help."""

    def declare(does: Does) -> LineCommand:
        return LineCommand(word, does, also, takes, group)

    return declare
