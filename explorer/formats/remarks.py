"""Remarks of a report, with the places that they are about."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_REMARKS = 200
"""So many remarks of each sort are kept; beyond, they are counted."""


@dataclass(slots=True)
class Remarks:
    """Remarks with the numbers of their lines; the same words about lines that follow each other are one remark."""

    one: str = "line"
    several: str = "lines"
    entries: list[tuple[int, int, str]] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, words: str) -> None:
        """Add a remark on a line."""
        self.count += 1
        if self.entries and self.entries[-1][2] == words and self.entries[-1][1] >= line - 1:
            self.entries[-1] = (self.entries[-1][0], line, words)
        elif len(self.entries) < MOST_REMARKS:
            self.entries.append((line, line, words))

    def lines(self) -> tuple[str, ...]:
        """Return the remarks as lines of a report."""
        texts = [
            f"{self.several if end > start else self.one} {_span(start, end)}: {words}"
            for start, end, words in self.entries
        ]
        covered = sum(end - start + 1 for start, end, _ in self.entries)
        more = self.count - covered
        return (*texts, *([f"and {more} more {self.several}"] if more > 0 else []))


def _span(start: int, end: int) -> str:
    return f"{start}" if start == end else f"{start}–{end}"
