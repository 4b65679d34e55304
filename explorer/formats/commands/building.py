"""Words and commands being put together."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from explorer.formats.commands.words import Command, Holes

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(\+?)=(.*)", re.DOTALL)
_ARRAY = re.compile(r"([A-Za-z_]\w*)(\+?)=")
_ELEMENT = re.compile(r"\[([^\]]{1,100})\]=(.*)", re.DOTALL)
_BEFORE_A_COMMAND = frozenset(
    """
    do then else elif if while until ! { time sudo exec env command nohup export local readonly declare
    """.split()  # noqa: SIM905
)


LONGEST_VALUE = 64 * 1024
"""A variable of more characters is not put in where it is used."""


MOST_ELEMENTS = 1000
"""So many words of an array are put in where it is used."""


@dataclass(slots=True)
class Variables:
    """What a script has set: texts by name, and arrays, whose words are in the order in which they were set."""

    texts: dict[str, str] = field(default_factory=dict)
    arrays: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, name: str, subscript: str = "") -> str | None:
        """Return the text of a variable, or that of an element of it; None where it was not set."""
        if not subscript and name in self.texts:
            return self.texts[name]
        return self.arrays.get(name, {}).get(subscript or "0", self.texts.get(name) if subscript == "0" else None)

    def all_of(self, name: str) -> list[str] | None:
        """Return the words of an array; None where it was not set."""
        if name in self.arrays:
            return [*self.arrays[name].values()]
        return [self.texts[name]] if name in self.texts else None


class Builder:
    """Puts together words and commands: what is assigned goes to the variables, what is redirected is left out."""

    def __init__(self, variables: Variables, holes: Holes) -> None:
        self.variables = variables
        self.holes = holes
        self._number = 0
        self._begin()

    def _begin(self) -> None:
        self._command: Command | None = None
        self._word: list[str] | None = None
        self._is_piped = self._is_redirected = self._is_here_string = False
        self._before: Command | None = None  # whose output the next command reads
        self._array: str | None = None  # the array whose words are being read
        self._done: list[Command] = []

    def _add(self, text: str) -> None:
        if self._word is None:
            self._word = []
        self._word.append(text)

    def _end_word(self) -> None:
        if self._word is None:
            return
        word, self._word = "".join(self._word), None
        if self._is_redirected:
            self._is_redirected = False
            return
        if self._array is not None:
            self._add_element(word)
            return
        command = self._begun()
        if self._is_here_string:
            self._is_here_string = False
            command.stdin = word + "\n"
            return
        if not command.words and (word in _BEFORE_A_COMMAND or self._assigned(word)):
            return
        command.words.append(word)

    def _begun(self) -> Command:
        """Return the command that is being read; a new one where there is none."""
        if self._command is None:
            self._command = Command(self._number, is_piped=self._is_piped)
            if self._before is not None:
                self._command.reads = self._before
        return self._command

    def _begins_array(self) -> bool:
        """Begin to read an array, where what stands before a parenthesis is an assignment."""
        found = _ARRAY.fullmatch("".join(self._word or []))
        words = self._command.words if self._command else []
        if not found or not all(word.startswith("-") for word in words):
            return False
        self._array, self._word = found[1], None
        if not found[2]:
            self.variables.arrays[found[1]] = {}
        elif found[1] not in self.variables.arrays:
            text = self.variables.texts.pop(found[1], None)
            self.variables.arrays[found[1]] = {} if text is None else {"0": text}
        self.variables.texts.pop(found[1], None)
        return True

    def _add_element(self, word: str) -> None:
        assert self._array is not None, "an array is being read"
        elements = self.variables.arrays.setdefault(self._array, {})
        found = _ELEMENT.fullmatch(word)
        if len(elements) < MOST_ELEMENTS:
            elements[found[1].strip("'\"") if found else f"{len(elements)}"] = found[2] if found else word

    def _end_array(self) -> None:
        self._array = None

    def _assigned(self, word: str) -> bool:
        found = _ASSIGNMENT.fullmatch(word)
        if found:
            before = self.variables.texts.get(found[1], "") if found[2] else ""
            if len(before) + len(found[3]) <= LONGEST_VALUE:
                self.variables.texts[found[1]] = before + self.holes.named(found[3], found[1])
                self.variables.arrays.pop(found[1], None)
        return found is not None

    def _end_command(self) -> Command | None:
        """Hand on the command that was being read, and return it; None where there was none."""
        self._end_word()
        ended, self._command = self._command, None
        if ended and ended.words:
            self._done.append(ended)
        self._is_piped = False
        self._before = None
        return ended
