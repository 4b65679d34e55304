"""From the text of a script to its commands, by the quoting of POSIX shells and bash; nothing is run.

Lines are fed one by one, so that a command may go on over many. Understood are '…', "…", $'…', backslashes, comments,
here-documents, here-strings, pipes and lists, redirections, assignments, and substitutions, within which commands are
looked for, too. Variables that the script sets are put in where they are used; whatever else varies is a hole.
(POSIX.1-2024, XCU 2.2 and 2.3.)
"""

from __future__ import annotations

import re
from collections.abc import Callable

from explorer.formats.commands.building import Builder
from explorer.formats.commands.escapes import ESCAPE, escaped
from explorer.formats.commands.words import Command, Hole, Holes

LONGEST = 1024 * 1024
"""A command of more characters is given up."""

_DEEPEST = 12
_PLAIN = re.compile(r"[^\s'\"\\$`;|&<>()#]+")
_NAME = re.compile(r"[A-Za-z_]\w*|[0-9@*#?!$-]")
_BRACED = re.compile(r"\{([A-Za-z_]\w*|[0-9@*]+)([^}\n]{0,200})\}")
_HEREDOC = re.compile(r"<<(-?)[ \t]*(?:'([^'\n]+)'|\"([^\"\n]+)\"|\\?([\w.!-]+))")
_PLACEHOLDER = re.compile(r"<[A-Za-z][\w .:/-]{0,60}>")


class Shell(Builder):
    """Reads a script line by line; `feed` returns the commands that a line ends."""

    def __init__(self, variables: dict[str, str] | None = None, holes: Holes | None = None, depth: int = 0) -> None:
        super().__init__({} if variables is None else variables, Holes() if holes is None else holes)
        self._depth = depth
        self._restart()

    def _restart(self) -> None:
        self._mode: Callable[[str, int], int] = self._bare
        self._begin()
        self._goes_on = False
        self._heredocs: list[tuple[str, bool, Command | None]] = []
        self._captured: list[str] = []
        self._closing = ""
        self._nested = 0
        self._outer: Callable[[str, int], int] = self._bare
        self._size = 0

    @property
    def is_open(self) -> bool:
        """Whether the next line still belongs to a command that has begun."""
        return self._mode != self._bare or self._goes_on or bool(self._heredocs)

    def feed(self, number: int, line: str) -> list[Command]:
        """Read a line (without its end); raises ValueError where its command is too long."""
        self._number = number
        self._goes_on = False
        self._size = self._size + len(line) if self.is_open or self._command else len(line)
        if self._size > LONGEST:
            self._restart()
            raise ValueError("the command is too long")
        text = f"{line}\n"
        at = 0
        while at < len(text):
            at = self._mode(text, at)
        if self._heredocs:
            return []
        done, self._done = self._done, []
        return done

    def give_up(self) -> list[Command]:
        """Return what can be made of a command that is not whole, and begin anew."""
        self._end_command()
        done = self._done
        self._restart()
        return done

    def _bare(self, text: str, at: int) -> int:
        sign = text[at]
        if found := _PLAIN.match(text, at):
            self._add(found[0])
            return found.end()
        if sign == "'":
            self._mode = self._single
            self._add("")
        elif sign == '"':
            self._mode = self._double
            self._add("")
        elif sign == "\\":
            return self._escaped(text, at)
        elif sign == "$":
            return self._dollar(text, at, self._bare)
        elif sign == "`":
            return self._capture("`", at + 1, self._bare)
        elif sign == "#":
            if self._word is None:
                return text.index("\n", at)
            self._add(sign)
        elif sign == "\n":
            self._end_command()
            if self._heredocs:
                self._captured = []
                self._mode = self._heredoc
        elif sign in "<>":
            return self._redirection(text, at)
        elif sign in ";|&()":
            self._end_command()
            self._is_piped = sign == "|" and text[at + 1 : at + 2] != "|" and text[at - 1 : at] != "|"
        else:
            self._end_word()
        return at + 1

    def _escaped(self, text: str, at: int) -> int:
        if text[at + 1] == "\n":
            self._goes_on = True
        else:
            self._add(text[at + 1])
        return at + 2

    def _single(self, text: str, at: int) -> int:
        return self._until("'", text, at)

    def _until(self, sign: str, text: str, at: int) -> int:
        end = text.find(sign, at)
        self._add(text[at : end if end >= 0 else len(text)])
        if end < 0:
            return len(text)
        self._mode = self._bare
        return end + 1

    def _double(self, text: str, at: int) -> int:
        found = re.compile(r'[^"\\$`]+').match(text, at)
        if found:
            self._add(found[0])
            return found.end()
        sign = text[at]
        if sign == '"':
            self._mode = self._bare
        elif sign == "\\":
            following = text[at + 1 : at + 2]
            if following == "\n":
                return at + 2
            self._add(following if following in '"\\$`' else sign + following)
            return at + 2
        elif sign == "$":
            return self._dollar(text, at, self._double)
        else:
            return self._capture("`", at + 1, self._double)
        return at + 1

    def _ansi(self, text: str, at: int) -> int:
        sign = text[at]
        if sign == "'":
            self._mode = self._bare
        elif sign == "\\" and (found := ESCAPE.match(text, at + 1)):
            self._add(escaped(found))
            return found.end()
        else:
            self._add(sign)
        return at + 1

    def _dollar(self, text: str, at: int, outer: Callable[[str, int], int]) -> int:
        following = text[at + 1]
        if following == "(":
            return self._capture(")", at + 2, outer)
        if following == "'" and outer == self._bare:
            self._mode = self._ansi
            self._add("")
            return at + 2
        if following == '"' and outer == self._bare:
            return at + 1
        if found := _BRACED.match(text, at + 1):
            self._variable(found[1], f"${found[0]}", found[2], outer)
            return found.end()
        if found := _NAME.match(text, at + 1):
            self._variable(found[0], f"${found[0]}", "", outer)
            return found.end()
        self._add("$")
        return at + 1

    def _variable(self, name: str, written: str, change: str, outer: Callable[[str, int], int]) -> None:
        value = self.variables.get(name)
        if value is None and change[:2] in (":-", ":="):
            value = change[2:]
        elif value is None or (change and change[:2] not in (":-", ":=", ":?")):
            value = self.holes.add(Hole(written, name, self._commands_of(value)))
        if outer != self._bare or not re.search(r"\s", value):
            self._add(value)
            return
        for part in re.split(r"(\s+)", value):
            if part.isspace():
                self._end_word()
            elif part:
                self._add(part)

    def _commands_of(self, value: str | None) -> tuple[Command, ...]:
        return tuple(command for hole in self.holes.of(value or "") for command in hole.commands)

    def _capture(self, closing: str, at: int, outer: Callable[[str, int], int]) -> int:
        self._captured, self._closing, self._outer, self._nested = [], closing, outer, 0
        self._add("")
        self._mode = self._substitution
        return at

    def _substitution(self, text: str, at: int) -> int:
        found = re.compile(r"'[^'\n]*'|\\.|[^'\\()`]+", re.DOTALL).match(text, at)
        if (found and self._closing == ")") or (found and found[0][0] != "'"):
            self._captured.append(found[0])
            return found.end()
        sign = text[at]
        if sign == self._closing and not self._nested:
            self._mode = self._outer
            self._substituted("".join(self._captured))
            return at + 1
        if self._closing == ")":
            self._nested += (sign == "(") - (sign == ")")
        self._captured.append(sign)
        return at + 1

    def _substituted(self, script: str) -> None:
        commands: list[Command] = []
        if self._depth < _DEEPEST:
            inner = Shell(self.variables, self.holes, self._depth + 1)
            for line in script.split("\n"):
                commands += inner.feed(self._number, line)
            commands += inner.give_up()
        self._done += commands
        written = f"$({script.strip()})" if self._closing == ")" else f"`{script.strip()}`"
        self._add(self.holes.add(Hole(written, "", tuple(commands))))

    def _redirection(self, text: str, at: int) -> int:
        if found := _PLACEHOLDER.match(text, at):
            self._add(self.holes.add(Hole(found[0], found[0][1:-1])))
            return found.end()
        if text.startswith("<<<", at):
            self._end_word()
            self._is_here_string = True
            return at + 3
        if found := _HEREDOC.match(text, at):
            self._end_word()
            self._heredocs.append((found[2] or found[3] or found[4], found[1] == "-", self._command))
            return found.end()
        if self._word is not None and "".join(self._word).isdigit():
            self._word = None
        self._end_word()
        self._is_redirected = True
        end = at + 1
        while text[end] in "<>&|":
            end += 1
        return end

    def _heredoc(self, text: str, at: int) -> int:
        word, has_tabs, command = self._heredocs[0]
        line = text[at:-1]
        if (line.lstrip("\t") if has_tabs else line) == word:
            self._heredocs.pop(0)
            if command:
                command.stdin = "".join(self._captured)
            self._mode = self._heredoc if self._heredocs else self._bare
            self._captured = []
        else:
            self._captured.append((line.lstrip("\t") if has_tabs else line) + "\n")
        return len(text)
