"""Which exchanges stand together: those of one blob or manifest, and in them the attempts of one step."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from explorer.insight import Insight
from explorer.model import Exchange, summary_at


class Families:
    """Follows a session, and says of each exchange where it belongs.

    An upload belongs to the blob that it becomes. What is about neither blob nor manifest stands for itself, unless it
    is a login, or goes to where an answer has led: then it belongs to what came before it.
    """

    def __init__(self, insight: Insight) -> None:
        self._insight = insight
        self._newest_of_step: dict[tuple[int, str], int] = {}
        self._steps = array("q")  # by index: where the first attempt of its step is
        self._heads = array("q")  # by index: where its group begins; -1: it has none
        self._of_key: dict[str, int] = {}
        self._known = 0  # so many of the first ones were known when they were looked at
        self.attempts = array("q")
        """By index: the how many-eth attempt of its step it is."""

    @property
    def is_outdated(self) -> bool:
        """Whether more is known by now of what was looked at."""
        return self._known < min(len(self._heads), self._insight.count)

    def follow(self, exchanges: Sequence[Exchange]) -> bool:
        """Take in what is new; return True where something belongs elsewhere by it than it did before."""
        for index in range(len(self._steps), len(exchanges)):
            summary = summary_at(exchanges, index)
            step = (summary.after, summary.title)
            before = self._newest_of_step.get(step, -1)
            self._newest_of_step[step] = index
            self.attempts.append(self.attempts[before] + 1 if before >= 0 else 1)
            self._steps.append(self._steps[before] if before >= 0 and summary.title else index)
        # What is known of much is waited for, since looking at all of it again takes its time.
        if self.is_outdated and self._insight.count >= len(self._heads):
            return True
        return self._look()

    def gather(self) -> None:
        """Look at all of them anew, with what is known by now."""
        self._heads = array("q")
        self._of_key.clear()
        self._known = 0
        self._look()

    def _look(self) -> bool:
        is_changed = False
        if self._known >= len(self._heads):
            self._known = min(self._insight.count, len(self._steps))
        for index in range(len(self._heads), len(self._steps)):
            key, upload = self._insight.keys(index + 1)
            if key:
                head = self._of_key.setdefault(key, index)
                is_changed |= self._of_key.get(upload, head) != head
            else:
                head = self._heads[-1] if self._heads and self._insight.is_aside(index + 1) else -1
            self._heads.append(head)
        return is_changed

    def head(self, index: int) -> int:
        """Return the index of the exchange that the group of an exchange begins with; -1 where it has none."""
        return self._heads[self._steps[index]]

    def rank(self, index: int) -> tuple[int, int, int]:
        """Return what exchanges are put in order by: their group, their step, time."""
        step = self._steps[index]
        head = self._heads[step]
        return (head if head >= 0 else step, step, index)
