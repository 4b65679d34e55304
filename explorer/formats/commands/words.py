"""Words of a shell in which something may be missing: a hole stands for what only running it would tell.

A hole is one private character within the word; all other characters are bytes of the script (latin-1), so that the two
cannot be confused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from explorer.frozen import frozen

FIRST_HOLE = 0xE000
MOST_HOLES = 6000
"""So many holes fit into the private characters that are used."""

_HOLES = re.compile("[\ue000-\uf8ff]")


@frozen
class Hole:
    """What a word does not tell: as it was written, its name where it has one, and the commands that would fill it."""

    written: str
    name: str = ""
    commands: tuple[Command, ...] = ()
    is_many: bool = False  # whether it may stand for any number of words


@dataclass(slots=True)
class Command:
    """A simple command: its first line, its words, what it reads from standard input, and whether that is a pipe."""

    line: int
    words: list[str] = field(default_factory=list)
    stdin: str | None = None
    is_piped: bool = False
    reads: Command | None = None  # the command whose output comes through that pipe

    @property
    def input(self) -> str | None:
        """What it reads from standard input; None where that is not told."""
        return self.reads.printed if self.stdin is None and self.reads else self.stdin

    @property
    def printed(self) -> str | None:
        """What it prints, for the few commands of which the script tells that; None for all others."""
        name, *rest = self.words or [""]
        if name == "cat" and rest in ([], ["-"]):
            return self.input
        if name == "echo" and not any(word.startswith("-") for word in rest[1:]) and rest[:1] not in (["-e"], ["-E"]):
            return " ".join(rest[1:]) if rest[:1] == ["-n"] else " ".join(rest) + "\n"
        if name == "printf" and rest[:1] in (["%s"], ["%s\\n"]) and len(rest) == 2:
            return rest[1] + ("\n" if rest[0] != "%s" else "")
        plain = name == "printf" and len(rest) == 1 and "%" not in rest[0] and "\\" not in rest[0]
        return rest[0] if plain else None


@dataclass(slots=True)
class HereDocument:
    """A here-document that is to come: the word that ends it, and the command that reads it."""

    word: str
    has_tabs: bool
    is_literal: bool
    command: Command


class Holes:
    """The holes of one script."""

    def __init__(self) -> None:
        self._holes: list[Hole] = []

    def add(self, hole: Hole) -> str:
        """Return the character that stands for a hole; the text itself where there are too many of them."""
        if len(self._holes) >= MOST_HOLES:
            return hole.written
        self._holes.append(hole)
        return chr(FIRST_HOLE + len(self._holes) - 1)

    def of(self, word: str) -> list[Hole]:
        """Return the holes in a word."""
        return [self._holes[ord(sign) - FIRST_HOLE] for sign in _HOLES.findall(word)]

    def written(self, word: str) -> str:
        """Return a word with its holes as they were written."""
        return _HOLES.sub(lambda found: self._holes[ord(found[0]) - FIRST_HOLE].written, word)

    def named(self, word: str, name: str) -> str:
        """Return a word whose holes without a name have got one: that of the variable that it is assigned to."""
        for sign in _HOLES.findall(word):
            hole = self._holes[ord(sign) - FIRST_HOLE]
            if not hole.name:
                self._holes[ord(sign) - FIRST_HOLE] = Hole(f"${name}", name, hole.commands)
        return word

    def clear(self) -> None:
        """Forget them all: another script begins."""
        self._holes.clear()


def has_hole(word: str) -> bool:
    """Say whether a word has a hole."""
    return _HOLES.search(word) is not None


def split_at_hole(word: str) -> tuple[str, str, str]:
    """Return what stands before the first hole, the hole's character, and what stands after it."""
    found = _HOLES.search(word)
    if not found:
        return word, "", ""
    return word[: found.start()], found[0], word[found.end() :]


def may_be(written: str, sent: str) -> bool:
    """Say whether a target as it was written, perhaps with holes, may be the one that was sent."""
    pieces = _HOLES.sub("\0", written).split("\0")
    at = 0
    for number, piece in enumerate(pieces):
        found = sent.find(piece, at)
        if found < 0 or (number == 0 and found):
            return False
        at = found + len(piece)
    return not pieces[-1] or sent.endswith(pieces[-1])
