"""Entries of logs: of logrus and slog as text, on a terminal or as JSON, also as docker's log drivers wrap them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from explorer.model import wire_text

_QUOTED = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_PAIR = re.compile(rf"([\w.@/-]+)=({_QUOTED}|\S*)")
_FIRST_PAIR = re.compile(rf"(?:time|ts|t|level|lvl|msg)=(?:{_QUOTED}|\S+)")
_USUAL = re.compile(rf'time=("?)([^\s"\\]+)\1 level=([\w.+-]+) msg=({_QUOTED}|[^\s"]+)(?: |$)')
_TAKEN_OUT = frozenset(("time", "level", "msg"))
_TERMINAL = re.compile(r"(TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)\[([^\]]{0,40})\] (.*)")
_FIELDS = re.compile(r" +[A-Za-z_][\w.@/-]*=")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([0-7]{3})|(.))")
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_TIME = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?")
LONGEST = 1024 * 1024
"""A line of more characters is no entry of a log."""

_DEEPEST = 64


@dataclass(slots=True)
class Entry:
    """One entry: its time in seconds since 1970 (0 where there is none), level, message, and its fields.

    Fields of an entry that is JSON keep their types.
    """

    time: float = 0.0
    level: str = ""
    message: str = ""
    fields: dict[str, object] = field(default_factory=dict)
    is_json: bool = False

    def text(self, name: str) -> str:
        """Return a field as text; empty where there is none."""
        value = self.fields.get(name)
        return "" if value is None else wire_text(value) if isinstance(value, str) and self.is_json else str(value)


def parse_entry(text: str) -> Entry | None:
    """Return the entry of a line; None where it is none."""
    if len(text) > LONGEST:
        return None
    if text.startswith("{"):
        return _from_json(text)
    if found := _USUAL.match(text):
        return _from_usual(text, found)
    if _FIRST_PAIR.match(text):
        return _from_pairs(_PAIR.findall(text))
    if text[4:5] == "[" and (found := _TERMINAL.match(text)):
        return _from_terminal(found)
    return None


def _from_terminal(found: re.Match[str]) -> Entry:
    """Return an entry of logrus on a terminal: its message is filled up with blanks, and fields follow it."""
    text = found[3]
    start = next((field.start() for field in _FIELDS.finditer(text, 40)), len(text))
    fields: dict[str, object] = {name: unquoted(value) for name, value in _PAIR.findall(text[start:])}
    return Entry(parse_time(found[2]), found[1].lower(), text[:start].rstrip(), fields)


def _from_usual(text: str, found: re.Match[str]) -> Entry:
    """Return an entry that begins with time, level and message, as logrus and slog write it."""
    pairs = _PAIR.findall(text, found.end()) if found.end() < len(text) else ()
    fields: dict[str, object] = {name: unquoted(value) for name, value in pairs}
    if not _TAKEN_OUT.isdisjoint(fields):  # told twice: the last one counts
        return _from_pairs(_PAIR.findall(text))
    return Entry(parse_time(found[2]), found[3].lower(), unquoted(found[4]), fields)


def _from_pairs(pairs: list[tuple[str, str]]) -> Entry:
    fields: dict[str, object] = {name: unquoted(value) for name, value in pairs}
    time = str(fields.pop("time", "") or fields.pop("ts", "") or fields.pop("t", ""))
    level = str(fields.pop("level", "") or fields.pop("lvl", ""))
    return Entry(parse_time(time), level.lower(), str(fields.pop("msg", "")), fields)


def _from_json(text: str) -> Entry | None:
    if text.count("{", 0, 4000) > _DEEPEST or text.count("[", 0, 4000) > 1000:
        return None
    data = text.encode("latin-1", "replace")
    try:
        value = _loaded(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    wrapped = value.get("log")
    if isinstance(wrapped, str) and "stream" in value:
        return parse_entry(wire_text(wrapped).rstrip("\r\n"))
    message = value.get("msg", value.get("message"))
    if not isinstance(message, str):
        return None
    time = value.get("time", value.get("ts", value.get("timestamp", "")))
    return Entry(parse_time(str(time)), str(value.get("level", "")).lower(), wire_text(message), value, is_json=True)


def _loaded(data: bytes) -> Any:
    """Return the value of JSON; what the quick reader does not take (lone surrogates, NaN), the other one may."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(data)


def unquoted(value: str) -> str:
    """Return a value without the quotation of Go."""
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return value
    inner = value[1:-1]
    return _ESCAPE.sub(_plain, inner) if "\\" in inner else inner


def _plain(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    if found[2]:
        return wire_text(chr(int(found[2], 16)))
    if found[3]:
        return chr(int(found[3], 8) & 0xFF)
    return _SIMPLE.get(found[4], found[4])


def parse_time(text: str) -> float:
    """Return a time of RFC 3339 in seconds since 1970, at most to the microsecond; 0 where it is none."""
    found = _TIME.match(text)
    if not found:
        return 0.0
    whole = _whole_seconds(found[1], found[3] or "Z")
    return whole + float(found[2] or 0) if whole is not None else 0.0


@lru_cache(256)
def _whole_seconds(text: str, zone: str) -> float | None:
    """Return a time without its fraction; None where there is no such time. Many entries are of the same second."""
    try:
        return datetime.fromisoformat(text.replace(" ", "T") + zone.replace("Z", "+00:00")).timestamp()
    except (ValueError, OverflowError):
        return None
