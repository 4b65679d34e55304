"""Words and commands being put together."""

from __future__ import annotations

import re

from explorer.formats.commands.words import Command, Holes

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_BEFORE_A_COMMAND = frozenset(
    """
    do then else elif if while until ! { time sudo exec env command nohup export local readonly declare
    """.split()  # noqa: SIM905
)


LONGEST_VALUE = 64 * 1024
"""A variable of more characters is not put in where it is used."""


class Builder:
    """Puts together words and commands: what is assigned goes to the variables, what is redirected is left out."""

    def __init__(self, variables: dict[str, str], holes: Holes) -> None:
        self.variables = variables
        self.holes = holes
        self._number = 0
        self._begin()

    def _begin(self) -> None:
        self._command: Command | None = None
        self._word: list[str] | None = None
        self._is_piped = self._is_redirected = self._is_here_string = False
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
        if self._command is None:
            self._command = Command(self._number, is_piped=self._is_piped)
        if self._is_here_string:
            self._is_here_string = False
            self._command.stdin = word + "\n"
            return
        if not self._command.words and (word in _BEFORE_A_COMMAND or self._assigned(word)):
            return
        self._command.words.append(word)

    def _assigned(self, word: str) -> bool:
        found = _ASSIGNMENT.fullmatch(word)
        if found and len(found[2]) <= LONGEST_VALUE:
            self.variables[found[1]] = self.holes.named(found[2], found[1])
        return found is not None

    def _end_command(self) -> None:
        self._end_word()
        if self._command and self._command.words:
            self._done.append(self._command)
        self._command = None
        self._is_piped = False
