"""Words of command lines as the shells of Windows have them: cmd, with carets, and PowerShell, with backticks."""

from __future__ import annotations

import re

_CARET = re.compile(r"\^(.)", re.DOTALL)
_CMD_WORD = re.compile(r'(?:"(?:\\.|""|[^"\\])*(?:"|$)|[^\s"])+', re.DOTALL)
_CMD_PART = re.compile(r'"((?:\\.|""|[^"\\])*)(?:"|$)|([^"]+)', re.DOTALL)
_PS_WORD = re.compile(r"(?:'(?:''|[^'])*(?:'|$)|\"(?:`.|\"\"|[^\"`])*(?:\"|$)|[^\s'\"])+", re.DOTALL)
_PS_PART = re.compile(r"'((?:''|[^'])*)(?:'|$)|\"((?:`.|\"\"|[^\"`])*)(?:\"|$)|([^'\"]+)", re.DOTALL)


def from_cmd(lines: list[str]) -> list[str]:
    """Return the words of a command line of cmd; lines that go on end in a caret."""
    text = "\n".join(lines)
    text = re.sub(r"\^[ \t]*\n[ \t]*", " ", text)
    text = _CARET.sub(r"\1", text)
    return ["".join(_cmd_part(found) for found in _CMD_PART.finditer(word)) for word in _CMD_WORD.findall(text)]


def _cmd_part(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[2]
    return re.sub(r'\\(["\\])', r"\1", found[1].replace('""', '"'))


def from_powershell(lines: list[str]) -> list[str]:
    """Return the words of a command line of PowerShell; lines that go on end in a backtick."""
    text = re.sub(r"`[ \t]*\n[ \t]*", " ", "\n".join(lines))
    return ["".join(_ps_part(found) for found in _PS_PART.finditer(word)) for word in _PS_WORD.findall(text)]


def _ps_part(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[1].replace("''", "'")
    if found[2] is not None:
        return re.sub(r"`(.)", r"\1", found[2].replace('""', '"'))
    return found[3]
