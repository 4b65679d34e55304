"""A text becomes a session: each line goes to the scanner that knows it; what none knows is prose, and dropped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from explorer.errors import FormatError
from explorer.formats.importers import Imported, session_of
from explorer.formats.shelves import Gathering
from explorer.formats.sources import Source
from explorer.formats.texts import scanners as kinds
from explorer.formats.texts.assembly import Assembly
from explorer.formats.texts.cleaning import Cleaner
from explorer.formats.texts.conversation import Conversation
from explorer.formats.texts.prefixes import Prefixes
from explorer.formats.texts.runs import Run, runs
from explorer.formats.texts.scanning import Context, Scanner
from explorer.model import Exchange

GUESSES = frozenset(("guessed", "refused", "hole-filled", "status-guessed", "order-uncertain", "rejoined"))
"""The kinds of notes that are named in the report as guesses."""


@cache
def scanner_kinds() -> tuple[type[Scanner], ...]:
    """Return every kind of scanner that the folder holds, in the order in which they are asked."""
    modules = [import_module(f"{kinds.__name__}.{module.name}") for module in iter_modules(kinds.__path__)]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, type)]
    named = {kind for kind in found if issubclass(kind, Scanner) and kind.name}
    return tuple(sorted(named, key=lambda kind: (kind.rank, kind.name)))


class TextReader:
    """Drives the scanners over a text."""

    def __init__(self, wanted: tuple[type[Scanner], ...]) -> None:
        self.exchanges = Gathering()
        assembly = Assembly(self._emit)
        self.context = Context(assembly, Conversation(assembly))
        self.scanners = [kind(self.context) for kind in wanted]
        self.counts: Counter[str] = Counter()
        self.prefixes = Prefixes()
        self._current: Scanner | None = None
        self._beginning: dict[str, list[tuple[Scanner, str]]] = {}  # by the first character of a line
        self._indent = ""  # what stood before the line with which the current scanner began

    def read(self, source: Source, *, whatever: bool = False) -> None:
        """Read the whole of a text; `whatever` is as for `Prefixes`."""
        self.prefixes = Prefixes.of(source, whatever=whatever)
        for run in runs(source, self.prefixes):
            self._take(run)
        if self._current:
            self._current.end()
        for scanner in self.scanners:
            scanner.finish()
        self.context.conversation.end()
        self.context.assembly.flush(everything=True)

    def _take(self, run: Run) -> None:
        numbers, texts = run
        at, end = 0, len(texts)
        while at < end:
            number, text = numbers[at], texts[at]
            if not text:
                self._blank(number)
                at += 1
                continue
            current = self._current
            if current is not None and not self._indent and (taken := current.goes_through(texts, at)):
                self.counts[current.name] += taken
                at += taken
                continue
            at += 1
            if left := self._offer(number, text, ""):
                self._look_again(number, text, left)

    def _look_again(self, number: int, text: str, left: str) -> None:
        """Offer what is left of a line, until nothing is."""
        while left:
            indent = text[: len(text) - len(left)] if text.endswith(left) and text[0] in " \t" else ""
            text, left = left, self._offer(number, left, indent)

    def _emit(self, exchange: Exchange) -> None:
        self.exchanges.add(exchange)
        line = int(exchange.notes[-1].value)
        for note in exchange.notes:
            if note.kind in GUESSES:
                self.context.guessed.add(line, note.words)

    def _offer(self, number: int, text: str, indent: str) -> str:
        """Offer a line, of which `indent` is taken off, to the scanners; returns what is left to be looked at again."""
        current = self._current
        if current is not None:
            if self._indent and not current.keeps_indentation and text.startswith(self._indent):
                text = text.removeprefix(self._indent)
                indent = indent or self._indent
            taken = current.goes_on(number, text)
            if taken:
                self.counts[current.name] += 1
                return taken if isinstance(taken, str) and len(taken) < len(text) else ""
            current.end()
            self._current = None
        first = text[:1]
        asked = self._beginning.get(first)
        if asked is None:
            able = [scanner for scanner in self.scanners if not scanner.firsts or first in scanner.firsts]
            asked = self._beginning[first] = [(scanner, scanner.needed(first)) for scanner in able]
        for scanner, needed in asked:
            if needed and needed not in text:
                continue
            scanner.indent = indent
            if taken := scanner.begins(number, text):
                self._current = scanner
                self._indent = indent
                self.counts[scanner.name] += 1
                return taken if isinstance(taken, str) and len(taken) < len(text) else ""
        if bare := self._unindented(text):
            return bare
        self.context.keep_besides(text)
        self.context.dropped.add(number, "not understood")
        return ""

    def _unindented(self, text: str) -> str:
        """Return a line without what it is indented by, or listed by, where that may make a difference."""
        bare = text.lstrip(" \t")
        for mark in ("- ", "* ", "+ "):
            if bare is not text and bare.startswith(mark):
                bare = bare[2:]
        return bare if bare != text else ""

    def _blank(self, number: int) -> None:
        """Tell the scanner that is in the middle of something of an empty line."""
        if self._current and not self._current.goes_on(number, ""):
            self._current.end()
            self._current = None


def bare_text(source: Source) -> Iterator[bytes]:
    """Yield the lines of a text without what was written before them: prefixes, quotation, marks of code."""
    for _, text in Cleaner().lines(Prefixes.of(source).lines(source.lines())):
        yield text.encode("latin-1") + b"\n"


def read_text(source: Source, wanted: tuple[type[Scanner], ...]) -> Imported:
    """Read a text with some kinds of scanners; raises FormatError where none of them finds an exchange."""
    reader = TextReader(wanted)
    reader.read(source)
    if not reader.exchanges:
        reader = TextReader(wanted)
        reader.read(source, whatever=True)
    if not reader.exchanges:
        if reader.context.why_nothing:
            raise FormatError(source.name, reader.context.why_nothing)
        start = source.head(40).decode("utf-8", "replace")
        raise FormatError(
            source.name,
            f"no HTTP exchange was found in it; it begins {start!r}. It can hold: "
            f"{'; '.join(kind.title for kind in wanted if kind.rank < 8)}.",
        )
    names = [kind.name for kind in wanted if reader.counts[kind.name]]
    understood = tuple(f"{reader.counts[kind.name]} lines: {kind.title}" for kind in wanted if reader.counts[kind.name])
    return Imported(
        session_of(reader.exchanges),
        ", ".join(names),
        (f"{len(reader.exchanges)} exchanges", *understood, *reader.prefixes.report()),
        reader.context.guessed.lines(),
        reader.context.dropped.lines(),
        besides=tuple(reader.context.besides),
    )
