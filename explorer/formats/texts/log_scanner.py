"""What scanners of logs share: entries, drafts of what they tell, and which answer belongs to which request."""

from __future__ import annotations

from collections.abc import Hashable

from explorer.formats.drafts import Draft, split_url
from explorer.formats.texts.entries import Entry, parse_entry
from explorer.formats.texts.scanning import Scanner
from explorer.model import Timings

MOST_WAITING = 4096
"""So many requests may wait for their answers."""


class LogScanner(Scanner):
    """A scanner of a log whose entries are lines of logrus, slog or JSON."""

    rank = 6
    firsts = "tlm{DITWEFP"
    field = ""
    """The field that every entry of this log has that is taken; empty where there is none."""

    def begins(self, number: int, text: str) -> bool | str:
        """Take a line that is an entry of this log."""
        if text[:1] not in self.firsts:
            return False
        entry = self.context.entry(number, text, parse_entry)
        if entry is None or (self.field and self.field not in entry.fields):
            return False
        return self.take(number, entry)

    def take(self, number: int, entry: Entry) -> bool:
        """Take an entry; False where it is another log's."""
        raise NotImplementedError


class Waiting:
    """Requests that wait for their answers, by what identifies them; the oldest of several goes first."""

    def __init__(self) -> None:
        self._drafts: dict[Hashable, list[Draft]] = {}
        self._count = 0

    def add(self, key: Hashable, draft: Draft) -> None:
        """Let a request wait."""
        if self._count >= MOST_WAITING:
            self._drafts.clear()
            self._count = 0
        if waiting := self._drafts.get(key):
            waiting.append(draft)
        else:
            self._drafts[key] = [draft]
        self._count += 1

    def first(self, key: Hashable) -> Draft | None:
        """Return the oldest that waits under a key, without taking it; None where there is none."""
        drafts = self._drafts.get(key)
        return drafts[0] if drafts else None

    def all(self) -> list[Draft]:
        """Return all that wait."""
        return [draft for drafts in self._drafts.values() for draft in drafts]

    def take(self, key: Hashable, what: str = "request") -> Draft | None:
        """Take the oldest that waits under a key; where there are more of them, that it is the one is not certain."""
        drafts = self._drafts.get(key)
        if not drafts:
            return None
        draft = drafts.pop(0)
        self._count -= 1
        if drafts:
            words = f"Several of this {what} were under way at once; which answer is whose is not told."
            for one in (draft, *drafts):
                one.note("order-uncertain", words)
        else:
            del self._drafts[key]
        return draft


def drafted(number: int, method: str, url: str, time: float = 0.0, *, basis: str = "observed") -> Draft:
    """Return a draft of a request of which a log tells method and URL."""
    origin, target = split_url(url)
    draft = Draft(number, method, origin, target, basis=basis)
    draft.timings = Timings(time)
    draft.unknown |= {"request.body"} if method in ("PUT", "POST", "PATCH") else set()
    return draft


def status_of(text: str) -> tuple[int, str]:
    """Return status and reason of a text like `202 Accepted`; status 0 where it is none."""
    digits, _, reason = text.strip().partition(" ")
    is_status = len(digits) == 3 and digits.isascii() and digits.isdigit() and digits[0] != "0"
    return (int(digits), reason) if is_status else (0, "")
