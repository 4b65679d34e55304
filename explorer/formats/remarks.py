"""Remarks of a report, with the places that they are about: each is told once, however often it was made."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_REMARKS = 200
"""So many remarks of each sort are kept; beyond, their places are counted."""

MOST_PLACES = 6
"""So many places are named with a remark; beyond, they are counted."""


@dataclass(slots=True)
class _Places:
    """Where one remark was made: its first places, as first and last line each, and how many lines in all."""

    spans: list[tuple[int, int]] = field(default_factory=list)
    count: int = 0
    last: int = -1

    def add(self, line: int) -> None:
        if line == self.last:
            return
        self.count += 1
        self.last = line
        if self.spans and self.spans[-1][1] == line - 1:
            self.spans[-1] = (self.spans[-1][0], line)
        elif len(self.spans) < MOST_PLACES:
            self.spans.append((line, line))

    def text(self, one: str, several: str) -> str:
        """Return the places in words: `line 3`, `lines 3–5 and 9`, `lines 3, 5, 9 and 12 more`."""
        texts = [f"{start}" if start == end else f"{start}–{end}" for start, end in self.spans]
        named = sum(end - start + 1 for start, end in self.spans)
        if more := self.count - named:
            texts.append(f"{more} more")
        whole = " and ".join((", ".join(texts[:-1]), texts[-1])) if len(texts) > 1 else texts[0]
        return f"{several if self.count > 1 else one} {whole}"


@dataclass(slots=True)
class Remarks:
    """Remarks with the numbers of their lines; the same words are one remark, in the order of their first places."""

    one: str = "line"
    several: str = "lines"
    count: int = 0
    _places: dict[str, _Places] = field(default_factory=dict)
    _unnamed: int = 0  # remarks beyond the most that are kept

    def add(self, line: int, words: str) -> None:
        """Add a remark on a line."""
        self.count += 1
        if words not in self._places:
            if len(self._places) >= MOST_REMARKS:
                self._unnamed += 1
                return
            self._places[words] = _Places()
        self._places[words].add(line)

    def lines(self) -> tuple[str, ...]:
        """Return the remarks as lines of a report."""
        texts = [f"{places.text(self.one, self.several)}: {words}" for words, places in self._places.items()]
        more = self._unnamed
        return (*texts, *([f"and {more} more {self.several if more > 1 else self.one}"] if more else []))
