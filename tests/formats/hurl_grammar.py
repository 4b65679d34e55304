"""A strict reader of Hurl files, by the grammar of hurl.dev and Hurl's own parsers: what it refuses, Hurl refuses."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field

_URL = re.compile(r"(?=https?://|\{\{)(?:[^\W]|[:/.\-?=&%*,@~+!$'();\[\]]|\{\{[A-Za-z][\w-]*\}\})*")
_NAME = re.compile(r"(?:[A-Za-z0-9_\-.@$\]]|\[(?<!^\[)|\\(?:[#:\\/bfnrt]|u\{[0-9a-fA-F]{1,6}\}))+")
_STRING = r"(?:\\(?:[#\"`\\/bfnrt]|u\{[0-9a-fA-F]{1,6}\})|\{\{[A-Za-z][\w-]*\}\}|"
_VALUE = re.compile(_STRING + r"\{(?!\{)|[^#\\{\x00-\x08\x0a-\x1f\t])*")
_BACKTICKED = re.compile("`" + _STRING + r"\{(?!\{)|[^`\\{\n\r\t\x08\x0c])*`")
_FILE = re.compile(r"file,((?:[^#;{} \n\\]|\\[\\bfnrt#; {}])+);")
_BASE64 = re.compile(r"base64,([A-Za-z0-9+/=]*);")
_STATUS = re.compile(r"HTTP (\d{3}|\*)")
_CAPTURE = re.compile(r'([A-Za-z][\w-]*): (header "[^"\\]+"|jsonpath "[^"\\]+")')
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|(.))")
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


@dataclass
class Entry:
    """A request of a Hurl file with what is expected of its answer."""

    method: str
    url: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    file: str = ""
    status: str = ""
    captures: dict[str, str] = field(default_factory=dict)


def parse(text: str) -> list[Entry]:
    """Return the entries of a file; raises AssertionError with the line that Hurl would refuse."""
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
    entries: list[Entry] = []
    stage = "answer"
    for line in lines:
        found = re.fullmatch(r"([A-Z]+) (\S+)", line)
        if stage in ("answer", "captures") and found:
            assert _URL.fullmatch(found[2]), line
            entries.append(Entry(found[1], found[2]))
            stage = "headers"
        elif stage == "captures":
            captured = _CAPTURE.fullmatch(line)
            assert captured, line
            entries[-1].captures[captured[1]] = captured[2]
        elif stage == "answer":
            assert line == "[Captures]", line
            stage = "captures"
        elif status := _STATUS.fullmatch(line):
            entries[-1].status = status[1]
            stage = "answer"
        else:
            assert stage == "headers", line
            stage = _of_request(entries[-1], line)
    assert stage in ("answer", "captures")
    return entries


def _of_request(entry: Entry, line: str) -> str:
    if found := _FILE.fullmatch(line):
        entry.file = _plain(found[1])
    elif found := _BASE64.fullmatch(line):
        entry.body = base64.b64decode(found[1], validate=True)
    elif line.startswith("`"):
        assert _BACKTICKED.fullmatch(line), line
        entry.body = _plain(line[1:-1]).encode()
    else:
        name = _NAME.match(line)
        assert name, line
        rest = line[name.end() :]
        assert rest.startswith(":"), line
        value = rest[1:].strip(" ")
        assert _VALUE.fullmatch(value), line
        entry.headers.append((_plain(name[0]), _plain(value)))
        return "headers"
    return "body"


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _SHORT.get(found[2], found[2]), text)
