"""What `${…}` makes of a variable's value: the changes of POSIX shells and the commonest of bash.

Patterns are those of file names (`*`, `?`, `[…]`); a change that is not known makes a hole of the whole.
(POSIX.1-2024, XCU 2.6.2; the manual of bash, "Shell Parameter Expansion".)
"""

from __future__ import annotations

import re
from fnmatch import translate
from typing import NamedTuple

_INNER = re.compile(r"([#!]?)([A-Za-z_]\w*|[0-9]+|[@*#?!$-])(?:\[([^\]]{1,100})\])?(.*)", re.DOTALL)
_OPERATOR = re.compile(r":?[-=?+]|##?|%%?|//?|\^\^?|,,?|:")
_LONGEST = 2000


class Parameter(NamedTuple):
    """What stands within `${…}`: a sign before the name, the name, a subscript, an operator and its word."""

    sign: str
    name: str
    subscript: str
    operator: str
    word: str

    @property
    def is_many(self) -> bool:
        """Whether it stands for any number of words."""
        return self.subscript in ("@", "*") or self.name in ("@", "*")


def closing_brace(text: str, at: int) -> int:
    """Return where the brace that opens at `at` is closed in the same line; -1 where it is not."""
    depth = 0
    for found in re.compile(r"\\.|\$\{|[{}\n]").finditer(text, at):
        if found[0] == "\n" or found.start() - at > _LONGEST:
            return -1
        depth += found[0] in ("{", "${")
        depth -= found[0] == "}"
        if not depth:
            return found.start()
    return -1


def parameter_of(inner: str) -> Parameter | None:
    """Return what stands between the braces of `${…}`; None where it is nothing that a shell knows."""
    found = _INNER.fullmatch(inner)
    if not found:
        return None
    sign, name, subscript, rest = found[1], found[2], found[3] or "", found[4]
    operator = _OPERATOR.match(rest)
    if rest and not operator:
        return None
    written = operator[0] if operator else ""
    return Parameter(sign, name, subscript.strip("'\""), written, rest[len(written) :])


def changed(value: str, operator: str, word: str) -> str | None:
    """Return a value after a change of its text; None where the change is not understood."""
    match operator:
        case "#" | "##" | "%" | "%%":
            return _trimmed(value, operator, word)
        case "/" | "//":
            return _replaced(value, operator, word)
        case "^^" | ",,":
            return (value.upper() if operator == "^^" else value.lower()) if not word else None
        case "^" | ",":
            return (value[:1].upper() if operator == "^" else value[:1].lower()) + value[1:] if not word else None
        case ":":
            return _sliced(value, word)
        case _:
            return None


def _trimmed(value: str, operator: str, word: str) -> str | None:
    """Return a value without the shortest or longest part at its beginning or end that a pattern matches."""
    if len(value) > _LONGEST:
        return None
    pattern = re.compile(translate(word.replace("\\", "").strip("'\"") if not re.search(r"[*?\[]", word) else word))
    ends = range(len(value) + 1)
    if operator[0] == "#":
        found = [end for end in ends if pattern.match(value[:end])]
        return value[(found[-1] if operator == "##" else found[0]) :] if found else value
    found = [start for start in ends if pattern.match(value[start:])]
    return value[: (found[0] if operator == "%%" else found[-1])] if found else value


def _replaced(value: str, operator: str, word: str) -> str | None:
    old, _, new = re.sub(r"\\/", "\0", word).partition("/")
    old, new = (re.sub(r"\\(.)", r"\1", part.replace("\0", "/")).strip("'\"") for part in (old, new))
    if not old or re.search(r"[*?\[\]#%&$]", old + new):
        return None
    return value.replace(old, new, -1 if operator == "//" else 1)


def _sliced(value: str, word: str) -> str | None:
    found = re.fullmatch(r"\s*(\d{1,6}|\s-\d{1,6})\s*(?::\s*(\d{1,6})\s*)?", word)
    if not found:
        return None
    start = int(found[1])
    if start < 0 and -start > len(value):
        return ""
    start = start if start >= 0 else len(value) + start
    return value[start : start + int(found[2])] if found[2] else value[start:]
