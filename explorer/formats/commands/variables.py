"""Variables of curl itself: what `--variable` sets, and `--expand-…` puts in (since curl 8.3).

After curl's src/var.c and its manual.
"""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote

from explorer.formats.commands.words import Hole, Holes, has_hole

_SET = re.compile(r"(%?)([A-Za-z_0-9]{1,128})(\[\d*-?\d*\])?(?:([=@])(.*))?", re.DOTALL)
_USED = re.compile(r"\\\{\{|\{\{([A-Za-z_0-9]{1,128})((?::[a-z0-9]{1,20}){0,6})\}\}")


class CurlVariables:
    """The variables of one command line."""

    def __init__(self, holes: Holes) -> None:
        self._holes = holes
        self._values: dict[str, str] = {}

    def set(self, text: str) -> None:
        """Take the value of `--variable`: what comes from a file, or from outside, is a hole."""
        found = _SET.fullmatch(text)
        if not found:
            return
        name, sign, value = found[2], found[4] or "", found[5] or ""
        if found[1] or sign == "@" or found[3]:
            value = self._holes.add(Hole(f"{{{{{name}}}}}", name))
        self._values[name] = value

    def expanded(self, text: str) -> str:
        """Return the value of an option with its variables put in; one that was not set is nothing at all."""
        return _USED.sub(lambda found: self._value(found) if found[1] else "{{", text)

    def _value(self, found: re.Match[str]) -> str:
        value = self._values.get(found[1], "")
        functions = found[2].split(":")[1:]
        if functions and (has_hole(value) or any(name not in _FUNCTIONS for name in functions)):
            return self._holes.add(Hole(found[0], found[1]))
        for name in functions:
            value = _FUNCTIONS[name](value)
        return value


def _unpacked(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode("latin-1")
    except ValueError:
        return "[64dec-fail]"


_FUNCTIONS = {
    "trim": lambda value: value.strip(" \t\r\n\v\f"),
    "json": lambda value: json.dumps(value, ensure_ascii=False)[1:-1],
    "url": lambda value: quote(value, safe="~", encoding="latin-1"),
    "b64": lambda value: base64.b64encode(value.encode("latin-1")).decode("ascii"),
    "64dec": _unpacked,
}
