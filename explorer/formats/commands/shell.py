"""From the text of a script to its commands, by the quoting of POSIX shells and bash; nothing is run.

Lines are fed one by one, so that a command may go on over many. Understood are '…', "…", $'…', backslashes, comments,
here-documents, here-strings, pipes and lists, redirections, assignments, arrays, and substitutions, within which
commands are looked for, too. Variables that the script sets are put in where they are used; what else varies is a hole.
(POSIX.1-2024, XCU 2.2 and 2.3.)
"""

from __future__ import annotations

import re
from collections.abc import Callable

from explorer.formats.commands.building import Variables
from explorer.formats.commands.escapes import ESCAPE, escaped
from explorer.formats.commands.expanding import Expanding
from explorer.formats.commands.expansions import Parameter, closing_brace, parameter_of
from explorer.formats.commands.words import Command, HereDocument, Hole, Holes

LONGEST = 1024 * 1024
"""A command of more characters is given up."""

_DEEPEST = 12
_PLAIN = re.compile(r"[^\s'\"\\$`;|&<>()#]+")
_NAME = re.compile(r"[A-Za-z_]\w*|[0-9@*#?!$-]")
_HEREDOC = re.compile(r"<<(-?)[ \t]*(?:'([^'\n]+)'|\"([^\"\n]+)\"|\\?([\w.!-]+))")
_QUOTED = re.compile(r'[^"\\$`]+')
_PLACEHOLDER = re.compile(r"<[A-Za-z][\w .:/-]{0,60}>")


class Shell(Expanding):
    """Reads a script line by line; `feed` returns the commands that a line ends."""

    def __init__(self, outer: Shell | None = None) -> None:
        variables = outer.variables if outer else Variables()
        super().__init__(variables, outer.holes if outer else Holes())
        self.indent = ""  # what stands before each line of a script that is indented as a whole
        self._depth: int = outer._depth + 1 if outer else 0
        self._restart()

    def _restart(self) -> None:
        self._mode: Callable[[str, int], int] = self._bare
        self._begin()
        self._goes_on = False
        self._heredocs: list[HereDocument] = []
        self._captured: list[str] = []
        self._closing = ""
        self._nested = 0
        self._outer: Callable[[str, int], int] = self._bare
        self._size = 0

    @property
    def is_open(self) -> bool:
        """Whether the next line still belongs to a command that has begun."""
        return self._mode != self._bare or self._goes_on or bool(self._heredocs) or self._array is not None

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

    def commands_in(self, text: str) -> list[Command]:
        """Return the commands of a text that is a script of its own within this one: what `sh -c` and `eval` take."""
        commands: list[Command] = []
        if self._depth < _DEEPEST:
            inner = Shell(self)
            for line in text.split("\n"):
                commands += inner.feed(self._number, line)
            commands += inner.give_up()
        return commands

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
        elif self._array is not None and sign in "\n)":
            self._end_word()
            if sign == ")":
                self._end_array()
        elif sign == "(" and self._begins_array():
            return at + 1
        elif sign == "\n":
            self._end_command()
            if self._heredocs:
                self._captured = []
                self._mode = self._heredoc
        elif sign in "<>":
            return self._redirection(text, at)
        elif sign in ";|&()":
            before = self._end_command()
            self._is_piped = sign == "|" and text[at + 1 : at + 2] != "|" and text[at - 1 : at] != "|"
            self._before = before if self._is_piped or (sign == "&" and text[at - 1 : at] == "|") else None
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
        if text[at] == '"':
            self._mode = self._bare
            return at + 1
        return self._put_in(text, at, self._double)

    def _document(self, text: str, at: int) -> int:
        if text[at] == '"':
            self._add('"')
            return at + 1
        return self._put_in(text, at, self._document)

    def _put_in(self, text: str, at: int, mode: Callable[[str, int], int]) -> int:
        """Read what stands between quotes, or in a here-document: variables are put in, blanks part no words."""
        if found := _QUOTED.match(text, at):
            self._add(found[0])
            return found.end()
        if text[at] == "$":
            return self._dollar(text, at, mode)
        if text[at] == "`":
            return self._capture("`", at + 1, mode)
        following = text[at + 1 : at + 2]
        if following != "\n":
            escapes = '"\\$`' if mode == self._double else "\\$`"
            self._add(following if following and following in escapes else text[at] + following)
        return at + 2

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
        if following == "{" and (end := closing_brace(text, at + 1)) >= 0:
            written = text[at : end + 1]
            parameter = parameter_of(written[2:-1])
            if parameter:
                self._parameter(parameter, written, is_quoted=outer != self._bare)
            else:
                self._add(self.holes.add(Hole(written)))
            return end + 1
        if found := _NAME.match(text, at + 1):
            self._parameter(Parameter("", found[0], "", "", ""), f"${found[0]}", is_quoted=outer != self._bare)
            return found.end()
        self._add("$")
        return at + 1

    def expanded(self, text: str) -> str:
        """Return a text with its variables put in, as within a here-document."""
        if not re.search(r"[$`\\]", text) or self._depth >= _DEEPEST:
            return text
        inner = Shell(self)
        inner._number = self._number
        inner._mode = inner._document
        at, whole = 0, f"{text}\n"
        while at < len(whole):
            at = inner._mode(whole, at)
        self._done += inner._done
        return "".join(inner._word or []).removesuffix("\n")

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
        commands = self.commands_in(script)
        if len(commands) == 1 and (text := commands[0].printed) is not None:
            self._add(text.rstrip("\n"))
            return
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
            is_literal = not found[4] or "\\" in found[0]
            word = found[2] or found[3] or found[4]
            self._heredocs.append(HereDocument(word, found[1] == "-", is_literal, self._begun()))
            return found.end()
        if text[at + 1] == "(" and self._word is None:  # <(…) and >(…): commands of their own
            self._add("")
            return self._capture(")", at + 2, self._bare)
        if self._word is not None and "".join(self._word).isdigit():
            self._word = None
        self._end_word()
        self._is_redirected = True
        end = at + 1
        while text[end] in "<>&|":
            end += 1
        return end

    def _heredoc(self, text: str, at: int) -> int:
        document = self._heredocs[0]
        line = text[at:-1].lstrip("\t") if document.has_tabs else text[at:-1]
        if self.indent and not document.has_tabs and line.rstrip() == self.indent + document.word:
            self._captured = [line.removeprefix(self.indent) for line in self._captured]
            line = document.word
        if line.rstrip(" ") == document.word:
            self._heredocs.pop(0)
            body, self._captured = "".join(self._captured), []
            document.command.stdin = body if document.is_literal else self._documented(body)
            self._mode = self._heredoc if self._heredocs else self._bare
        else:
            self._captured.append(f"{line}\n")
        return len(text)

    def _documented(self, body: str) -> str:
        return self.expanded(body[:-1]) + "\n" if body else ""
