"""What collectors of output write before each line of it, or around it: taken off, so that the line is as it was.

`docker logs -t`, `docker compose logs`, `kubectl logs --prefix`, journald and syslog, runtimes of Kubernetes, GitHub
Actions, GitLab, Jenkins, BuildKit, `ts`, `grep -n`, `cat -n`; the JSON of docker's json-file driver and of `journalctl
-o json`; an empty line after each line, blanks before each, the entities of a web page. Which of them a text has is
seen in its beginning; one without any costs nothing more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from explorer.formats.sources import Source
from explorer.frozen import frozen

SAMPLE = 256 * 1024
"""So many bytes at the beginning of a text are looked at to see which prefixes it has."""

_MOST_AT_ONCE = 3
_DATE = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)"
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_STAMP = _MONTH + rb" [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?"
_COLOUR = rb"(?:\x1b\[[\d;]{0,20}[mK])*"
# Marks of quotation, indentation and colours may stand before a prefix; they are for others to take off.
_LEAD = rb"((?:\x1b\[[\d;]{0,20}[mK]|>|&gt;|[ \t])*)"
_END = _COLOUR + rb"(?: |(?=[\r\n]|$))"


@frozen
class _Kind:
    """One kind of prefix: what it is, its pattern, and how much of a text's beginning must have it."""

    title: str
    pattern: re.Pattern[bytes]
    share: float = 0.0


def _kind(title: str, pattern: bytes, share: float = 0.0, end: bytes = _END) -> _Kind:
    return _Kind(title, re.compile(_LEAD + rb"(?:" + pattern + rb")" + end), share)


_KINDS = (
    _kind("job, step and time (gh run view)", rb"[^\t\r\n\x1b]{1,80}\t[^\t\r\n]{1,80}\t(?:\xef\xbb\xbf)?" + _DATE),
    _kind("GitLab", _DATE + rb" \d\d[OE][ +]?", end=b""),
    _kind("syslog or journald", rb"(?:<\d{1,3}>)?" + _STAMP + rb" [\w.-]+ [\w./@-]+(?:\[\d+\])?:"),
    _kind("syslog or journald", _DATE + rb" [\w.-]+ [\w./@-]+\[\d+\]:"),
    _kind("syslog or journald", _DATE + rb" [\w.-]+ [\w./@-]+:", share=0.5),
    _kind("syslog", rb"<\d{1,3}>1 " + _DATE + rb" \S+ \S+ \S+ \S+ (?:-|\[[^\]\r\n]{0,400}\])"),
    _kind("a runtime of Kubernetes", _DATE + rb" (?:stdout|stderr) F", end=rb"(?: |(?=[\r\n]|$))"),
    _kind("a time", rb"(?:\xef\xbb\xbf)?" + _DATE),
    _kind("a time in brackets", rb"\[(?:" + _DATE + rb"|\d\d:\d\d:\d\d(?:\.\d{1,9})?)\]"),
    _kind("a pod and its container", rb"\[pod/[\w.-]+/[\w.-]+\]"),
    _kind("a service", rb"[\w./@-]{1,80} *\|", end=_COLOUR + rb"(?: |(?=[\r\n]|$))"),
    _kind("BuildKit", rb"#\d{1,4} \d{1,6}\.\d{1,3}"),
    _kind("a time", _STAMP, share=0.5),
    _kind("a time", rb"\d\d:\d\d:\d\d", share=0.8),
)
_NUMBERED = re.compile(rb"([ ]{0,8})(\d{1,8})(?:[:\t]|  | ?\| ?)")
_PARTIAL = re.compile(_LEAD + _DATE + rb" (?:stdout|stderr) P ")
_WRAPPED = re.compile(rb'\s*\{"(?:log|MESSAGE|__CURSOR|_[A-Z_]{2,40}|stream|time|attrs|PRIORITY|SYSLOG_[A-Z]+)":')
_BOM = b"\xef\xbb\xbf"
_BLANKS = re.compile(rb"(?: |\t|\xc2\xa0)*")
_ENTITIES = {
    b"&gt;": b">",
    b"&lt;": b"<",
    b"&amp;": b"&",
    b"&quot;": b'"',
    b"&#34;": b'"',
    b"&#39;": b"'",
    b"&#x27;": b"'",
}
_ENTITY = re.compile(b"|".join(_ENTITIES))
_LONGEST = 1024 * 1024
_FEWEST = 4


@dataclass(slots=True)
class Prefixes:
    """Takes prefixes off the lines of a text, and counts those that it took off, by their titles."""

    kinds: tuple[_Kind, ...] = ()
    is_numbered: bool = False
    is_wrapped: bool = False
    is_spaced: bool = False  # an empty line comes after each line
    is_escaped: bool = False  # signs are written as entities, as in the source of a web page
    indent: bytes = b""  # blanks with which each line begins
    literal: bytes = b""  # what each line begins with, whatever it means
    counts: dict[str, int] = field(default_factory=dict)
    _part: bytes = b""  # the beginning of a line that a collector has cut
    _number: int = 0
    _unescaped: int = 0

    @classmethod
    def of(cls, source: Source, *, whatever: bool = False) -> Prefixes:
        """Return what takes off those prefixes that the beginning of a text shows.

        With `whatever`, words with which all of the lines begin are one, too, unknown as they are.
        """
        head = source.head(SAMPLE).removeprefix(_BOM)
        is_escaped = _is_escaped(head)
        sample = (_unescaped(head) if is_escaped else head).split(b"\n")
        is_spaced = len(sample) >= 8 and all(not line.strip() for line in sample[1:-1:2])
        lines = [line for line in sample if line.strip()]
        indent = _common_blanks(lines)
        lines = [line.removeprefix(indent) for line in lines]
        is_numbered = _are_numbered(lines)
        if is_numbered:
            lines = [_NUMBERED.sub(b"", line, count=1) for line in lines]
        inside = [_unwrapped(line) for line in lines]
        is_wrapped = any(inner is not None for inner in inside)
        if is_wrapped:
            whole = (line if inner is None else inner for line, inner in zip(lines, inside, strict=True))
            lines = [line for text in whole for line in text.split(b"\n")]
        kinds: list[_Kind] = []
        for _ in range(_MOST_AT_ONCE):
            kinds += (new := _shown(lines, kinds))
            if not new:
                break
            lines = [_without(line, kinds)[0] for line in lines]
        literal = _common(lines) if whatever else b""
        return cls(tuple(kinds), is_numbered, is_wrapped, is_spaced, is_escaped, indent, literal)

    @property
    def are_any(self) -> bool:
        """Whether there is anything to be taken off."""
        return bool(
            self.kinds
            or self.is_numbered
            or self.is_wrapped
            or self.is_spaced
            or self.is_escaped
            or self.indent
            or self.literal
        )

    def lines(self, raw: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
        """Yield the lines of a text with their numbers, without prefixes; a wrapped line may be several."""
        numbered: Iterator[tuple[int, bytes]] = enumerate(raw, start=1)
        if self.is_spaced:
            numbered = ((number, line) for number, line in numbered if number % 2 or line.strip())
        if self.is_escaped:
            numbered = ((number, self._plain(line)) for number, line in numbered)
        if self.indent:
            numbered = ((number, line.removeprefix(self.indent)) for number, line in numbered)
        if not (self.kinds or self.is_numbered or self.is_wrapped or self.literal):
            yield from numbered
            return
        for number, line in numbered:
            line = line.removeprefix(_BOM) if number == 1 else line
            text = self._without_number(line) if self.is_numbered else line
            if self.is_wrapped and (inside := _unwrapped(text)) is not None:
                for inner in self._whole(inside):
                    yield number, self._without(inner)
            elif self.kinds and (found := _PARTIAL.match(text)):
                self._part = (self._part + text[found.end() :].rstrip(b"\r\n"))[:_LONGEST]
            else:
                yield number, self._joined(self._without(text))
        if self._part:
            yield number, self._joined(b"")

    def report(self) -> tuple[str, ...]:
        """Return what was taken off as lines of a report."""
        taken = tuple(f"taken off before {count} lines: {title}" for title, count in self.counts.items())
        web = f"taken for the signs that they stand for in {self._unescaped} lines: entities of a web page"
        return (*taken, web) if self._unescaped else taken

    def _plain(self, line: bytes) -> bytes:
        if b"&" in line and (text := _unescaped(line)) != line:
            self._unescaped += 1
            return text
        return line

    def _without(self, line: bytes) -> bytes:
        text, titles = _without(line, self.kinds)
        for title in titles:
            self._count(title)
        if self.literal and text.startswith(self.literal):
            self._count("words with which all of them begin")
            return text[len(self.literal) :]
        return text

    def _joined(self, line: bytes) -> bytes:
        part, self._part = self._part, b""
        return part + line

    def _whole(self, text: bytes) -> Iterator[bytes]:
        """Yield the lines of what was wrapped; docker's driver cuts long ones, which then lack their end."""
        *lines, rest = self._joined(text).split(b"\n")
        yield from (line + b"\n" for line in lines)
        if len(rest) > _LONGEST:
            yield rest
        else:
            self._part = rest

    def _without_number(self, line: bytes) -> bytes:
        found = _NUMBERED.match(line)
        if not found or not 0 < int(found[2]) - self._number < 10_000:
            return line
        self._number = int(found[2])
        self._count("the number of the line")
        return line[found.end() :]

    def _count(self, title: str) -> None:
        self.counts[title] = self.counts.get(title, 0) + 1


def _are_numbered(lines: list[bytes]) -> bool:
    """Say whether lines begin with their numbers: nearly all of them with one, and most with the next one."""
    numbers = [int(found[2]) if (found := _NUMBERED.match(line)) else -1 for line in lines]
    follow = sum(after == before + 1 for before, after in pairwise(numbers))
    return len(lines) >= _FEWEST and follow * 10 >= (len(lines) - 1) * 6 and numbers.count(-1) * 20 <= len(lines)


def _is_escaped(sample: bytes) -> bool:
    """Say whether signs are written as entities: some are, and none of those stands there as itself.

    `&amp;` alone shows nothing: a client that sends it is in error, and that has to be seen.
    """
    signs = {_ENTITIES[found] for found in _ENTITY.findall(sample)} - {b"'"}
    bare = _ENTITY.sub(b"", sample)
    return bool(signs - {b"&"}) and not any(sign in bare for sign in signs)


def _unescaped(line: bytes) -> bytes:
    return _ENTITY.sub(lambda found: _ENTITIES[found[0]], line)


def _common_blanks(lines: list[bytes]) -> bytes:
    """Return the blanks with which all of the lines begin; empty where there are none."""
    if len(lines) < _FEWEST:
        return b""
    found = _BLANKS.match(lines[0])
    blanks = found[0] if found else b""
    return blanks if blanks and all(line.startswith(blanks) for line in lines) else b""


def _shown(lines: list[bytes], known: list[_Kind]) -> list[_Kind]:
    """Return the kinds of prefixes that lines have, as far as they are not known yet."""
    found = []
    for kind in _KINDS:
        if kind in known:
            continue
        count = sum(kind.pattern.match(line) is not None for line in lines)
        if count and count >= kind.share * len(lines):
            found.append(kind)
            lines = [line for line in lines if not kind.pattern.match(line)]
    return found


def _without(line: bytes, kinds: Iterable[_Kind]) -> tuple[bytes, list[str]]:
    """Return a line without prefixes, and the titles of those that it had; each kind is taken off once at most."""
    titles: list[str] = []
    left = [*kinds]
    for _ in range(_MOST_AT_ONCE):
        for kind in left:
            if found := kind.pattern.match(line):
                line = found[1] + line[found.end() :]
                titles.append(kind.title)
                left.remove(kind)
                break
        else:
            break
    return line, titles


def _common(lines: list[bytes]) -> bytes:
    """Return the words with which all of the lines begin, blanks after them included; empty where there are none."""
    if len(lines) < _FEWEST:
        return b""
    first, last = min(lines), max(lines)
    size = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    return first[: max(first.rfind(b" ", 0, size), first.rfind(b"\t", 0, size)) + 1]


def _unwrapped(line: bytes) -> bytes | None:
    """Return the text that a line of JSON has from a collector, with its end; None where it has none."""
    if len(line) > _LONGEST or not _WRAPPED.match(line):
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    if isinstance(text := value.get("log"), str) and "stream" in value:
        return text.encode("utf-8", "replace")
    if "__CURSOR" in value or "_SOURCE_REALTIME_TIMESTAMP" in value or "__REALTIME_TIMESTAMP" in value:
        message = value.get("MESSAGE")
        if isinstance(message, list):  # not UTF-8, so journald has it as numbers
            message = bytes(one for one in message if isinstance(one, int) and 0 <= one < 256).decode("latin-1")
        return f"{message or ''}\n".encode("utf-8", "replace")
    return None
