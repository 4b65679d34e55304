"""Heads as bytes, changed in single values: every other byte stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_VALUE = rb"([^\n]*(?:\n[ \t][^\n]*)*)(\n)"
_FIELD = re.compile(rb"([^\s:][^:\n]*:[ \t]*)" + _VALUE)
_FOLD = re.compile(r"\r?\n[ \t]+")

Change = Callable[[str, str], str | None]
"""Is given a header's name in lower case and its value; returns another value, or None to leave it."""


def changed(head: bytes, names: tuple[bytes, ...], change: Change) -> bytes:
    """Return a head with some values changed; one that is folded over several lines becomes one line then.

    `names` are those of the headers that `change` is asked for, in lower case.
    """

    def field(found: re.Match[bytes]) -> bytes:
        name = found[1].partition(b":")[0].strip().lower()
        old = found[2].rstrip(b" \t\r")
        value = change(name.decode("latin-1"), _FOLD.sub(" ", old.decode("latin-1")))
        return found[0] if value is None else found[1] + value.encode("latin-1") + found[2][len(old) :] + found[3]

    begin = _after_first_line(head)
    return head[:begin] + _fields_of(names).sub(field, head[begin:])


@lru_cache(maxsize=8)
def _fields_of(names: tuple[bytes, ...]) -> re.Pattern[bytes]:
    """Return what finds the lines of some headers: a line that goes on from the one before begins with a blank."""
    return re.compile(rb"^((?:" + b"|".join(map(re.escape, names)) + rb")[^\S\n]*:[ \t]*)" + _VALUE, re.I | re.M)


def without(head: bytes, is_dropped: Callable[[str, str], bool]) -> bytes:
    """Return a head without the headers whose name in lower case and value are to be dropped."""
    begin = _after_first_line(head)

    def field(found: re.Match[bytes]) -> bytes:
        name = found[1].partition(b":")[0].strip().lower().decode("latin-1")
        return b"" if is_dropped(name, found[2].decode("latin-1")) else found[0]

    return head[:begin] + _FIELD.sub(field, head[begin:])


def with_target(head: bytes, old: str, new: str) -> bytes:
    """Return a request's head with another target in the place of the `old` one."""
    at = head.index(b" ") + 1
    return head[:at] + new.encode("latin-1") + head[at + len(old) :]


def _after_first_line(head: bytes) -> int:
    blank = len(head) - len(head.lstrip(b"\r\n"))
    return head.index(b"\n", blank) + 1
