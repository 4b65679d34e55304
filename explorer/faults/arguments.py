"""What a fault's argument can be: a size, a time, a number, a choice, a text, or which requests are meant."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

from explorer.errors import InputError
from explorer.faults.near import near
from explorer.faults.requests import Asked
from explorer.frozen import frozen

MOST_SECONDS = 86400.0
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_SIZE = re.compile(r"([0-9]{1,15})([kmg]?)(?:i?b)?", re.IGNORECASE)
_TIME = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(ms|s|m|h)?")
_SECONDS = {"ms": 0.001, "s": 1.0, None: 1.0, "m": 60.0, "h": 3600.0}


@frozen
class Argument:
    """An argument: its name as the help writes it, what it says, its default as it would be typed, and how it is read.

    `parse` raises InputError where a text is none.
    """

    name: str
    help: str
    default: str
    parse: Callable[[str], object]


def size(help: str, default: str) -> Argument:
    """Return an argument that is a number of bytes."""
    return Argument("SIZE", help, default, parse_size)


def time(help: str, default: str) -> Argument:
    """Return an argument that is a time in seconds."""
    return Argument("TIME", help, default, parse_time)


def count(help: str, default: str) -> Argument:
    """Return an argument that is a whole number from 1."""
    return Argument("N", help, default, parse_count)


def choice(help: str, *choices: str) -> Argument:
    """Return an argument that is one of several words, the first of which is the default."""

    def parse(text: str) -> str:
        if text in choices:
            return text
        close = near(text, {word: word for word in choices})
        meant = f" Did you mean {' or '.join(close)}?" if close else ""
        raise InputError(f"'{text}' is none of {', '.join(choices)}.{meant}")

    return Argument("|".join(choices), help, choices[0], parse)


def text(name: str, help: str, default: str) -> Argument:
    """Return an argument that is any text of one line without blanks."""

    def parse(typed: str) -> str:
        if not typed or not typed.isascii() or not typed.isprintable() or " " in typed:
            raise InputError(f"'{typed}' cannot be used: {name} is {help}.")
        return typed

    return Argument(name, help, default, parse)


def parse_size(typed: str) -> int:
    """Return a number of bytes; raises InputError."""
    found = _SIZE.fullmatch(typed.strip())
    if not found:
        raise InputError(f"'{typed}' is no size: write a number of bytes, or 64k, 5M, 1G.")
    return int(found[1]) * _UNITS[found[2].lower()]


def parse_time(typed: str) -> float:
    """Return a time in seconds; raises InputError."""
    found = _TIME.fullmatch(typed.strip())
    if not found:
        raise InputError(f"'{typed}' is no time: write a number of seconds, or 500ms, 10s, 2m.")
    seconds = float(found[1]) * _SECONDS[found[2]]
    if seconds > MOST_SECONDS:
        raise InputError(f"'{typed}' is more than a day.")
    return seconds


def parse_count(typed: str) -> int:
    """Return a whole number from 1; raises InputError."""
    if not re.fullmatch(r"[0-9]{1,9}", typed.strip()) or int(typed) == 0:
        raise InputError(f"'{typed}' is no number from 1.")
    return int(typed)


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_KINDS = {
    "blobs": ("blob",),
    "uploads": ("open", "upload"),
    "manifests": ("manifest",),
    "tags": ("tags", "catalog"),
    "referrers": ("referrers",),
    "tokens": ("token",),
}
_EVERY = re.compile(r"every([1-9][0-9]{0,5})")
_FROM = re.compile(r"from([1-9][0-9]{0,5})")


class Which:
    """Which requests are meant: those that fit, all of them, the first one, every so manieth, or from a number on."""

    def __init__(self, typed: str) -> None:
        self._methods: set[str] = set()
        self._kinds: set[str] = set()
        self._every, self._from, self._only = 1, 1, 0
        self._seen = 0
        self._lock = threading.Lock()
        for word in typed.split("+"):
            self._take(word.strip())

    def _take(self, word: str) -> None:
        if word.upper() in _METHODS:
            self._methods.add(word.upper())
        elif word.lower() in _KINDS:
            self._kinds.update(_KINDS[word.lower()])
        elif word.lower() == "once":
            self._only = 1
        elif found := _EVERY.fullmatch(word.lower()):
            self._every = int(found[1])
        elif found := _FROM.fullmatch(word.lower()):
            self._from = int(found[1])
        elif word.lower() != "all":
            offered = [*_METHODS, *_KINDS, "once", "every3", "from2", "all"]
            close = near(word, {name.lower(): name for name in offered})
            meant = f" Did you mean {' or '.join(close)}?" if close else ""
            raise InputError(f"'{word}' says no requests: join words of {', '.join(offered)} by '+'.{meant}")

    def takes(self, asked: Asked) -> bool:
        """Say whether a request is meant, and count it where it fits."""
        fits = asked.kind in self._kinds if self._kinds else asked.is_v2
        if not fits or (self._methods and asked.method not in self._methods):
            return False
        with self._lock:
            self._seen += 1
            if self._only:
                return self._seen == self._from
            return self._seen >= self._from and (self._seen - self._from + 1) % self._every == 0


def which(default: str) -> Argument:
    """Return the argument that says which requests are meant."""
    return Argument("WHICH", "which requests, as in PUT+manifests, uploads+once, every3", default, Which)
