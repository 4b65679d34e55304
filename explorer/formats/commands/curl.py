"""What the options of a curl command line say, in groups: `--next` begins another with fresh options.

After curl's src/tool_getparam.c. Which options take a value decides what is a URL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from explorer.formats.commands.config import config_words
from explorer.formats.commands.options import SENDING, SHORT, VALUED, long_name
from explorer.formats.commands.variables import CurlVariables
from explorer.formats.commands.words import Holes

DATA = frozenset(("data", "data-ascii", "data-raw", "data-binary", "data-urlencode", "json"))
_OPTIONS = re.compile(
    r"(?i)opt|arg|flag|auth|head|hdr|cred|param|tls|ssl|cert|insecure|verbose|silent|quiet|extra|retry"
)
_MOST_WORDS = 20_000
_TAKEN = DATA | {"form", "form-string"}


@dataclass(slots=True)
class Group:
    """The options of one group: what matters for its requests, in the order of the command line."""

    urls: list[str] = field(default_factory=list)
    method: str = ""
    data: list[tuple[str, str]] = field(default_factory=list)  # kind of option, value
    uploads: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)  # the last value of each other option
    flags: set[str] = field(default_factory=set)
    sending: list[str] = field(default_factory=list)  # options that decide how it is sent, as written
    not_known: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)  # files of options (-K) that are not shown
    taken: list[str] = field(default_factory=list)  # words that are taken to stand for options
    lacking: list[str] = field(default_factory=list)  # options without the value that they need

    @property
    def follows(self) -> bool:
        """Whether redirects are followed."""
        return bool(self.flags & {"location", "location-trusted", "follow"})


def parse_curl(words: list[str], holes: Holes, stdin: str | None = None) -> list[Group]:
    """Return the groups of a command line, whose first word is curl itself; `stdin` is as for `data_of`."""
    return _Parser(words[1:], CurlVariables(holes), stdin, holes).groups()


class _Parser:
    def __init__(self, words: list[str], variables: CurlVariables, stdin: str | None, holes: Holes) -> None:
        self._words = words
        self._at = 0
        self._variables = variables
        self._stdin = stdin
        self._holes = holes
        self._group = Group()
        self._groups = [self._group]

    def groups(self) -> list[Group]:
        has_options = True
        while self._at < len(self._words):
            word = self._words[self._at]
            self._at += 1
            if has_options and word == "--":
                has_options = False
            elif has_options and word.startswith("--"):
                self._long(word)
            elif has_options and word.startswith("-") and len(word) > 1:
                self._short(word)
            else:
                self._group.urls.append(word)
        for group in self._groups:
            self._tell_options(group)
        return [group for group in self._groups if group.urls or group.data or group.headers or group.uploads]

    def _tell_options(self, group: Group) -> None:
        """Take a variable beside a URL for options, where it is called so, or may be many words."""
        holes = {url: self._holes.of(url)[0] for url in group.urls if len(url) == 1 and self._holes.of(url)}
        options = [url for url, hole in holes.items() if hole.is_many or _OPTIONS.search(hole.name)]
        if options and len(options) < len(group.urls):
            group.urls = [url for url in group.urls if url not in options]
            group.taken = [holes[url].written for url in options]

    def _long(self, word: str) -> None:
        name, equals, value = word[2:].partition("=")
        known = long_name(name)
        is_expanded = name.startswith("expand-")
        if known is None:
            self._group.not_known.append(word)
        elif known in VALUED:
            value = value if equals else self._value(word)
            self._take(known, self._variables.expanded(value) if is_expanded else value, word)
        else:
            self._flag(known, word)

    def _short(self, word: str) -> None:
        for at, letter in enumerate(word[1:], start=1):
            known = SHORT.get(letter)
            if known is None:
                self._group.not_known.append(f"-{letter}")
            elif known in VALUED:
                rest = word[at + 1 :]
                self._take(known, rest if rest else self._value(f"-{letter}"), f"-{letter}")
                return
            else:
                self._flag(known, f"-{letter}")

    def _value(self, written: str) -> str:
        if self._at >= len(self._words):
            self._group.lacking.append(written)
            return ""
        self._at += 1
        return self._words[self._at - 1]

    def _flag(self, name: str, written: str) -> None:
        if name == "next":
            self._group = Group()
            self._groups.append(self._group)
            return
        if name.startswith("no-"):
            self._group.flags.discard(name[3:])
        self._group.flags.add(name)
        if name in SENDING:
            self._group.sending.append(written)

    def _take(self, name: str, value: str, written: str) -> None:
        group = self._group
        if name in _TAKEN:
            group.data.append((name, value))
        elif name == "url":
            group.urls.append(value)
        elif name == "upload-file":
            group.uploads.append(value)
        elif name == "header":
            group.headers.append(value)
        elif name == "cookie":
            group.cookies.append(value)
        elif name == "url-query":
            group.queries.append(value)
        elif name == "request":
            group.method = value
        elif name == "variable":
            self._variables.set(value)
        elif name == "config":
            self._read_config(value)
        else:
            group.values[name] = value
            if name in SENDING:
                group.sending.append(f"{written} {value}")

    def _read_config(self, name: str) -> None:
        """Put the options of a file in place of its name, where the script shows it."""
        if name != "-" or self._stdin is None or len(self._words) > _MOST_WORDS:
            self._group.files.append(name)
            return
        text, self._stdin = self._stdin, None
        self._words[self._at : self._at] = config_words(text)
