"""A file of options of curl (`-K`), where a script shows it: its lines become words of the command line.

After curl's src/tool_parsecfg.c and its manual.
"""

from __future__ import annotations

import re

_LINE = re.compile(r"\s*(-{0,2}[^\s:=]+)\s*[:=]?\s*(.*?)\s*")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def config_words(text: str) -> list[str]:
    """Return the words of a command line that says what a file of options says."""
    words: list[str] = []
    for line in text.splitlines():
        found = _LINE.fullmatch(line)
        if not found or line.lstrip().startswith("#"):
            continue
        name, value = found[1], found[2]
        words.append(name if name.startswith("-") else f"--{name}")
        if value.startswith('"'):
            quoted = re.match(r'"((?:\\.|[^"\\])*)', value)
            assert quoted, "it begins with a quote"
            words.append(re.sub(r"\\(.)", lambda sign: _ESCAPES.get(sign[1], sign[1]), quoted[1]))
        elif value and not value.startswith("#"):
            words.append(value.split()[0])
    return words
