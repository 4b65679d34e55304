"""Variables where they are used: the text that the script set, the words of an array, or a hole."""

from __future__ import annotations

import re

from explorer.formats.commands.building import Builder
from explorer.formats.commands.expansions import Parameter, changed
from explorer.formats.commands.words import Command, Hole, has_hole


class Expanding(Builder):
    """Puts variables into words."""

    def expanded(self, text: str) -> str:
        """Return a text with its variables put in, as within a here-document."""
        raise NotImplementedError

    def _parameter(self, parameter: Parameter, written: str, *, is_quoted: bool) -> None:
        if parameter.is_many and not parameter.sign and not parameter.operator:
            values = self.variables.all_of(parameter.name)
            if values is not None:
                self._spread(values, is_quoted=is_quoted)
                return
        value = self._value_of(parameter)
        if value is None:
            known = self.variables.of(parameter.name, parameter.subscript)
            value = self.holes.add(Hole(written, parameter.name, self._commands_of(known), parameter.is_many))
        if is_quoted or not re.search(r"\s", value):
            self._add(value)
            return
        for part in re.split(r"(\s+)", value):
            if part.isspace():
                self._end_word()
            elif part:
                self._add(part)

    def _value_of(self, parameter: Parameter) -> str | None:
        """Return what stands in place of a parameter; None where that is not told."""
        if parameter.sign or parameter.is_many:
            return None
        value = self.variables.of(parameter.name, parameter.subscript)
        operator, word = parameter.operator, parameter.word
        match operator.removeprefix(":") if operator != ":" else operator:
            case "" | "?":
                return value
            case "-" | "=":
                return self.expanded(word) if value is None or (not value and operator[0] == ":") else value
            case "+":
                return value and self.expanded(word)
            case _:
                word = self.expanded(word)
                return None if value is None or has_hole(value + word) else changed(value, operator, word)

    def _spread(self, values: list[str], *, is_quoted: bool) -> None:
        """Put in the words of an array; without quotes, the blanks within them part words, too."""
        words = values if is_quoted else [word for value in values for word in value.split()]
        for at, word in enumerate(words):
            if at:
                self._end_word()
            self._add(word)
        if not words and is_quoted and not "".join(self._word or []):
            self._word = None

    def _commands_of(self, value: str | None) -> tuple[Command, ...]:
        return tuple(command for hole in self.holes.of(value or "") for command in hole.commands)
