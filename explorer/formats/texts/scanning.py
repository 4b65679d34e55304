"""What a scanner is: it knows one kind of text, takes the lines that are of that kind, and says what they tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from explorer.formats.drafts import Draft
from explorer.formats.remarks import Remarks
from explorer.formats.texts.assembly import Assembly
from explorer.formats.texts.conversation import Conversation
from explorer.formats.texts.entries import Entry

MOST_BESIDES = 4000
"""So many lines around the exchanges are kept for the secrets that they may give away."""

_LONGEST_BESIDES = 4000
_TELLING = re.compile(r"(?i)pass|token|secret|key|auth|login|cookie|machine|credential|://[^/\s]*@|\s-u")

MOST_FAILURES = 256
"""So many requests that failed wait for what another log tells of them."""


@dataclass(slots=True)
class Context:
    """What scanners share: where exchanges are put together, and the report."""

    assembly: Assembly
    conversation: Conversation
    guessed: Remarks = field(default_factory=Remarks)
    dropped: Remarks = field(default_factory=Remarks)
    completed: Counter[tuple[str, str, int]] = field(
        default_factory=Counter
    )  # told by a log, and by an access log again
    failures: dict[tuple[str, str], Draft] = field(default_factory=dict)
    """Requests that failed, by method and target: an access log and an error log may both tell of one."""
    _entry: tuple[int, str, Entry | None] = (0, "", None)
    is_script: bool = False  # a shebang or settings of a shell were seen, so a '#' begins a comment

    why_nothing: str = ""
    """Why this text can tell of no exchange, where something in it shows that."""
    besides: list[str] = field(default_factory=list)
    """Lines that tell no exchange themselves: settings of variables, prose, here-documents."""

    def keep_besides(self, text: str) -> None:
        """Keep a line that may give away a secret that the exchanges hold."""
        if len(self.besides) < MOST_BESIDES and len(text) <= _LONGEST_BESIDES and _TELLING.search(text):
            self.besides.append(text)

    def keep_failure(self, draft: Draft) -> None:
        """Keep a request that failed open for what another log tells of it; the oldest of too many is closed."""
        if len(self.failures) >= MOST_FAILURES:
            self.assembly.close(self.failures.pop(next(iter(self.failures))))
        if old := self.failures.pop((draft.method, draft.target), None):
            self.assembly.close(old)
        self.failures[draft.method, draft.target] = draft

    def entry(self, number: int, text: str, parse: Callable[[str], Entry | None]) -> Entry | None:
        """Return the entry that a line is; it is parsed once, however many scanners ask."""
        last = self._entry
        if last[0] == number and last[1] == text:
            return last[2]
        entry = parse(text)
        self._entry = (number, text, entry)
        return entry


class Scanner:
    """Takes the lines of one kind of text. `name` is as for `--from`, `title` says what it is; low ranks come first.

    `begins` is asked about a line that no scanner is in the middle of, `goes_on` about one after a line that was taken.
    Both answer True for a line that they took, False for one that is not theirs, and text where the end of the line is
    not theirs: it is looked at as a line of its own.
    """

    name = ""
    title = ""
    rank = 5
    firsts = ""
    """The characters that a line can begin with for `begins` to take it; empty where it may be any."""
    needs: Mapping[str, str] = {}
    """What a line has to hold for `begins` to take it, by its first character; for any other, by the empty text."""
    keeps_indentation = False  # whether blanks before a line may be a part of what it tells
    indent = ""
    """What stood before the line with which it began, and was taken off there."""

    def __init__(self, context: Context) -> None:
        self.context = context

    @classmethod
    def needed(cls, first: str) -> str:
        """Return what a line with that first character has to hold for `begins` to take it; empty: anything."""
        return cls.needs.get(first, cls.needs.get("", ""))

    def begins(self, number: int, text: str) -> bool | str:
        """Take a line that begins something."""
        raise NotImplementedError

    def goes_on(self, number: int, text: str) -> bool | str:
        """Take a line that follows one that was taken; by default only what could begin something, too."""
        return self.begins(number, text)

    def goes_through(self, texts: list[str], at: int) -> int:
        """Take lines from a place on as `goes_on` would, faster; returns how many, 0 where it has to be asked."""
        del texts, at
        return 0

    def end(self) -> None:
        """Finish what was begun: the next line is another's, or there is none."""

    def finish(self) -> None:
        """Hand on what still waits: the text is through."""
