"""Lines made of what was pasted: without colours, marks of quotation, fences and progress meters, and mended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import itemgetter

_ANSI = re.compile(
    r"\x1b?\[\d{1,3}(?:;\d{1,3}){0,4}m|"
    r"\x1b\[[0-?]{0,40}[ -/]{0,10}[@-~]|\x1b\][^\x07\x1b]{0,500}(?:\x07|\x1b\\)?|\x1b[@-Z\\^_]|[\x00\x07\x08]"
)
_COLOUR = re.compile(r"\[\d{1,3}(?:;\d{1,3}){0,4}m")
_METER = re.compile(r"\s*\d{1,3}(?: +[\d.]+[kMGTPE]?){7} +(?:[-\d: dh]{8} ){3}.{5}")
_GLUED_NOTE = re.compile(r"(?<=[^*\s])(?=\* (?:Connection #\d|Closing connection|Trying \d|  Trying |Curl_http_done))")
_GLUED_PREFIX = re.compile(r" (?=[<>] ?(?:[A-Za-z][A-Za-z0-9-]*: |HTTP/\d|$)|\* [A-Z])")
_LINE_OF_CURL = re.compile(r"[<>] (?:[A-Z]+ \S+ HTTP/\d|HTTP/\d)")
_GLUED_STATUS = re.compile(
    r"(?<=[^\s<>\"'`|:({\[=/-])(?=HTTP/[12](?:\.[01])? [1-5]\d\d(?: [A-Z][A-Za-z -]{1,40})?\s*$)"
)
_LEADING = re.compile(r"\A(?:\xc2\xa0| )+")
_MOST_QUOTES = 12
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})[\w+-]*\s*$")
_REQUEST = re.compile(
    r"(?:\d\d:\d\d:\d\d\.\d+ )?> ?[A-Z]{3,10} \S+(?: HTTP/\d\S*)?\s*$|> Request (?:URL|method|headers):"
)
_ENTITIES = {"&gt;": ">", "&lt;": "<", "&amp;": "&", "&quot;": '"', "&#39;": "'"}
_ENTITY = re.compile("|".join(_ENTITIES))
_SPECIAL = frozenset((">", "&", "`", "~", " ", "<"))

# What a block of lines must not hold to be plain; each pattern begins with what is searched for fast.
_SIGNS = frozenset((">", "&", "<"))
_STATUS_WITHIN = re.compile(r"HTTP/(?<=[^\s<>\"'`|:({\[=/-]HTTP/)[12]")
_NOTE_WITHIN = re.compile(r"\* (?<=[^*\s]\* )")
_BEFORE_A_FENCE = frozenset("`~ ")
_PRINTABLE = bytes(code for code in range(256) if chr(code).isprintable()) + b"\r\n"
_first = itemgetter(slice(1))


class Cleaner:
    """Yields the lines of a text with their numbers, each fit for the scanners; one line may become several."""

    def __init__(self) -> None:
        self._quotes = 0  # how many '>' stand before each line of what is quoted here
        self._is_curls = False  # whether the '>' of the lines before are curl's own
        self._goes_on = False

    def plain(self, number: int, block: bytes) -> list[str] | None:
        """Return the lines of a block, the first of that number; None where `lines` may have something to mend."""
        if block.translate(None, _PRINTABLE):
            return None
        text = block.decode("latin-1").replace("\r\n", "\n")
        lines = text.split("\n")
        if not lines[-1]:
            del lines[-1]
        starts = set(map(_first, lines))
        if (
            not _SIGNS.isdisjoint(starts)
            or "\r" in text
            or ":--" in text
            or (not _BEFORE_A_FENCE.isdisjoint(starts) and ("```" in text or "~~~" in text))
            or ("[" in text and _COLOUR.search(text))
            or _STATUS_WITHIN.search(text)
            or _NOTE_WITHIN.search(text)
            or (number == 1 and text.startswith("\xef\xbb\xbf"))
        ):
            return None
        self._quotes, self._is_curls, self._goes_on = 0, False, lines[-1].endswith("\\")
        return lines

    def lines(self, raw: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, str]]:
        """Yield the lines of a text, which come with their numbers; marks around a piece of code are empty lines."""
        for number, line in raw:
            text = line.decode("latin-1").rstrip("\r\n")
            if number == 1:
                text = text.removeprefix("\xef\xbb\xbf")
            if not text.isprintable():
                text = _printable(text)
            elif "[" in text and _COLOUR.search(text):
                text = _ANSI.sub("", text)
            is_plain = text[:1] not in _SPECIAL and "* " not in text and ":--" not in text and "\r" not in text
            if is_plain and ("HTTP/" not in text or not _GLUED_STATUS.search(text)):
                if self._quotes or self._is_curls or self._goes_on or text[-1:] == "\\":
                    self._quotes, self._is_curls, self._goes_on = 0, False, text.endswith("\\")
                yield number, text
                continue
            if "\r" in text:
                for part in text.split("\r"):
                    yield from self._cleaned(number, part)
            else:
                yield from self._cleaned(number, text)

    def _cleaned(self, number: int, text: str) -> Iterator[tuple[int, str]]:
        start = text[:1]
        if start in (">", "&"):
            text = self._unquoted(text)
        else:
            self._quotes, self._is_curls = 0, False
        self._goes_on = text.endswith("\\")
        if start in "`~ " and _FENCE.match(text):
            yield number, ""
            return
        if "--:--" in text or ":--" in text:
            while found := _METER.match(text):
                text = text[found.end() :]
        if "HTTP/" in text and (found := _GLUED_STATUS.search(text)):
            yield number, text[: found.start()]
            text = text[found.start() :]
        if "* " in text:
            for part in _GLUED_NOTE.split(text):
                yield number, part
            return
        if _LINE_OF_CURL.match(text) and len(parts := _GLUED_PREFIX.split(text)) > 2:
            for part in parts:
                yield number, part
            return
        yield number, text

    def _unquoted(self, text: str) -> str:
        """Return a line without the marks of quotation, where '>' is that and not curl's own sign."""
        if text.startswith("&"):
            text = _ENTITY.sub(lambda found: _ENTITIES[found[0]], text)
            if not text.startswith(">"):
                return text
        if self._goes_on and not self._quotes:
            return text
        if not self._quotes and not self._is_curls:
            self._quotes = self._depth(text)
            self._is_curls = not self._quotes
        for _ in range(self._quotes):
            if text.startswith(">"):
                text = text[1:].removeprefix(" ")
        return text

    @staticmethod
    def _depth(text: str) -> int:
        """Return how many marks of quotation stand before a line: all, save one that is the sign of a request."""
        depth = 0
        rest = text
        while rest.startswith(">") and depth < _MOST_QUOTES and not _REQUEST.match(rest):
            depth += 1
            rest = rest[1:].removeprefix(" ")
        return depth


def _printable(text: str) -> str:
    """Return a text without what a terminal obeys, and with blanks of one kind, as web pages have others in code."""
    if "[" in text or "\x00" in text or "\x08" in text or "\x07" in text or "\x1b" in text:
        text = _ANSI.sub("", text)
    if "\xc2\xa0" not in text:
        return text
    return (
        text.replace("\xc2\xa0", " ")
        if "{" not in text
        else _LEADING.sub(lambda found: found[0].replace("\xc2\xa0", " "), text)
    )
