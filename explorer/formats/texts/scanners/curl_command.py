"""Command lines of curl, alone or in a script."""

from __future__ import annotations

import re

from explorer.formats.commands.cmd import from_cmd, from_powershell
from explorer.formats.commands.requests import drafts_of
from explorer.formats.commands.shell import Shell
from explorer.formats.commands.words import Command
from explorer.formats.commands.wrappers import RUNNERS, curls_of
from explorer.formats.texts.scanning import Context, Scanner

_PROMPT = re.compile(
    r"(?:\([\w.-]+\) )?(?:[\w.-]+@[\w.-]+[^$#%>]{0,200}[$#%>]|\[[^\]]{0,200}\][$#]"
    r"|PS [A-Z]:[^>]{0,200}>|[A-Z]:\\[^>]{0,200}>"
    r"|[$%]|\xe2\x9d\xaf|\xe2\x9e\x9c) ?"
    # A trace of the shell (set -x), its PS4 with file and line, too.
    r"|\+{1,9} ?(?:[\w./-]{1,100}:\d{1,6}[:>] ?)?(?=curl\s|\w{1,60}=|(?:sudo|time|timeout|env)\s)"
)
_FRONT = (
    r"(?:(?:do|then|else|if|while|until|sudo|time|exec|env|command|nohup|!|[({])\s+|-[A-Za-z]\s+|[A-Za-z_]\w*=\S*\s+)*"
)
_CURL = re.compile(_FRONT + r"(?:[\w./\\-]*[/\\])?curl(?:\.exe)?(?=\s|$)(?! \d+\.\d+\.\d+ \()")
_WITHIN = re.compile(
    r"(?:[;&|(){`]|\$\(|\b(?:do|then|else|if))\s{0,20}(?:[A-Za-z_]\w{0,60}=\S{0,200}\s{1,20}){0,5}curl(?:\.exe)?\s{1,20}"
    r"(?:-|['\"]?(?:https?:|[$<{]|localhost|\d+\.\d+\.\d+\.\d+))"
)
_TOLD = r"(?:-|['\"]?(?:https?:|[$<{]|localhost|\d+\.\d+\.\d+\.\d+|[\w.-]+(?::\d+)?/v2/))"
_STARTED = re.compile(r"(?<![^\s'\"/])curl(?:\.exe)?(?::[\w.-]{1,40})?\s{1,20}" + _TOLD)
_RUNNER = re.compile(
    r"(?:^|[;&|({]\s{0,20})(?:\w{1,60}=\S{0,200}\s{1,20}){0,5}(?:" + "|".join(map(re.escape, sorted(RUNNERS))) + r")\s"
)
_MOST_BEFORE = 600  # characters between a command and the curl that it runs
_INLINE = re.compile(r"`((?:sudo )?curl\s[^`]{1,8000})`")
_ASSIGNMENT = re.compile(r"(?:export\s+|local\s+|readonly\s+|declare\s+(?:-\w+\s+)*)?[A-Za-z_]\w*\+?=(?!=)\S*")
_LOG_FIELD = re.compile(r"(?:time|level|ts|msg|t|lvl)=")
_SETTING = re.compile(r"#!|set -[a-z]|set \+[a-z]|shopt ")
_CODE = re.compile(r"%\{(?:http|response)_code\}")
_STATUS = re.compile(r"[\w:= /-]{0,40}?\b([1-5]\d\d)\s*")
_NAMED_CURL = re.compile(r"(?i)(?:\w*_)?curl(?:_\w*)?")
_CALL = re.compile(r"(?:(?:sudo|time|if|!) |\w{1,60}=\$?\(){0,5}\"?\$\{?([A-Za-z_]\w*)(?::?[-=]([^}]{0,60}))?\}?\"? ")
_MOST_LINES = 20_000


class CurlCommand(Scanner):
    """A command line of curl, or a script of some: variables that it sets are put in, what else varies is a hole."""

    name = "curl"
    title = "command lines of curl, and scripts of them"
    needs = {"{": "curl"}
    keeps_indentation = True

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._shell = Shell()
        self._lines = 0
        self._began = 0
        self._joint = ""  # what ends a line that goes on, where it is not a shell of POSIX: ^ or `
        self._kept: list[str] = []
        self._shows_code = False  # whether the last command prints the status of its answer (-w)

    def begins(self, number: int, text: str) -> bool | str:
        """Take a line that holds a curl command, or sets a variable for one; or the status that one printed."""
        if self._shows_code and (found := _STATUS.fullmatch(text)):
            self._shows_code = False
            self.context.conversation.refused(number, int(found[1]), "")
            return True
        is_call = self._calls_curl(text)
        line = text if is_call or not _PROMPT.match(text) else _PROMPT.sub("", text, count=1)
        if _SETTING.match(line):
            self.context.is_script = True
            return True
        if line.startswith("# ") and not self.context.is_script and _CURL.match(line[2:]):
            line = line[2:]
        if line.startswith("#") and (self.context.is_script or "curl" in line):
            return self.context.is_script
        line = line if is_call or self._calls_curl(line) else _command_in(line)
        if not line:
            return False
        self._began, self._lines = number, 0
        self._shell.indent = self.indent
        stripped = line.rstrip()
        if stripped.endswith("^") or '^"' in line:
            self._joint = "^"
        elif stripped.endswith("`") and stripped.count("`") % 2:
            self._joint = "`"
        else:
            self._joint = ""
        self._kept = []
        return self._take(number, line)

    def goes_on(self, number: int, text: str) -> bool | str:
        """Take what a command goes on in: after a backslash, within quotes, in a here-document."""
        if not self._is_open:
            return self.begins(number, text)
        return self._take(number, text[2:] if text.startswith("> ") else text)

    def end(self) -> None:
        """Make what can be made of a command that the text breaks off."""
        if self._kept:
            self._flush_foreign()
        elif self._shell.is_open:
            self._run(self._shell.give_up())

    @property
    def _is_open(self) -> bool:
        return bool(self._kept) or self._shell.is_open

    def _take(self, number: int, line: str) -> bool:
        self._lines += 1
        self.context.keep_besides(line)
        if self._joint:
            self._kept.append(line)
            if not line.rstrip().endswith(self._joint):
                self._flush_foreign()
            return True
        try:
            if self._lines > _MOST_LINES:
                raise ValueError("the command has too many lines")
            self._run(self._shell.feed(number, line))
        except ValueError as bad:
            self._shell = Shell()
            self.context.dropped.add(self._began, f"{bad}, so it is left out")
        return True

    def _flush_foreign(self) -> None:
        lines, self._kept = self._kept, []
        words = from_cmd(lines) if self._joint == "^" else from_powershell(lines)
        self._run([Command(self._began, words)])

    def _run(self, commands: list[Command]) -> None:
        for command in commands:
            for curl in curls_of(command, self._shell.holes, self._shell.commands_in):
                if not _is_prose(curl.words):
                    self._take_curl(curl)

    def _take_curl(self, command: Command) -> None:
        drafts = drafts_of(command, self._shell.holes)
        for draft in drafts:
            draft.line = self._began
        if not drafts and any(word.startswith(("-K", "--config")) for word in command.words):
            self.context.dropped.add(self._began, "all that this command sends is in a file (-K), which was not read")
        self.context.conversation.command(drafts)
        self._shows_code = any(_CODE.search(word) for word in command.words)

    def _calls_curl(self, line: str) -> bool:
        """Say whether a line begins with a variable that is curl, or a command line of curl."""
        found = _CALL.match(line) if "$" in line else None
        if not found:
            return False
        value = self._shell.variables.of(found[1]) or found[2]
        return bool(_CURL.match(value) if value else _NAMED_CURL.fullmatch(found[1]))


def _command_in(line: str) -> str:
    """Return the part of a line that is to be read as a script: all of it, or the code that stands within prose."""
    has_curl = "curl" in line
    if (has_curl and _CURL.match(line)) or (_ASSIGNMENT.match(line) and not _LOG_FIELD.match(line)):
        return line
    if not has_curl:
        return ""
    if inline := _INLINE.search(line):
        return inline[1]
    return line if _WITHIN.search(line) or _is_wrapped(line) else ""


def _is_wrapped(line: str) -> bool:
    """Say whether another command of the line runs curl."""
    found = _STARTED.search(line)
    return found is not None and _RUNNER.search(line[max(0, found.start() - _MOST_BEFORE) : found.start()]) is not None


def _is_prose(words: list[str]) -> bool:
    """Say whether a line is a sentence that begins with the word curl."""
    return not any(word.startswith("-") or re.search(r"[/:.$<{\ue000-\uf8ff]|localhost", word) for word in words[1:])
