"""The lines of a text in runs, as the scanners take them: cleaned, without prefixes, with their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import NamedTuple

from explorer.formats.sources import Source
from explorer.formats.texts.cleaning import Cleaner
from explorer.formats.texts.prefixes import Prefixes

_MOST = 2000  # lines of a run, where they come one by one


class Run(NamedTuple):
    """Lines that follow each other, and the number of each: one line of a file may have become several."""

    numbers: Sequence[int]
    texts: list[str]


def runs(source: Source, prefixes: Prefixes) -> Iterator[Run]:
    """Yield the lines of a text in runs, without what `prefixes` takes off; never an empty run.

    Where nothing has to be taken off and nothing to be mended, a block of the file is split at once.
    """
    cleaner = Cleaner()
    if prefixes.are_any:
        yield from _gathered(cleaner.lines(prefixes.lines(source.lines())))
        return
    number = 1
    for block in source.blocks():
        raw = range(number, number + block.count(b"\n") + (not block.endswith(b"\n")))
        if texts := cleaner.plain(number, block):
            yield Run(raw, texts)
        else:
            yield from _gathered(cleaner.lines(zip(raw, BytesIO(block), strict=True)))
        number = raw.stop


def _gathered(lines: Iterator[tuple[int, str]]) -> Iterator[Run]:
    while some := [*islice(lines, _MOST)]:
        numbers, texts = zip(*some, strict=True)
        yield Run(numbers, [*texts])
