"""From drafts to exchanges: in the order of their requests, each as soon as nothing unfinished is before it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from explorer.formats.drafts import Draft
from explorer.formats.links import Links
from explorer.formats.settling import settle
from explorer.model import Exchange

WINDOW = 4096
"""So many exchanges wait for their answers at once; beyond, the oldest is taken to have none."""


class Assembly:
    """Takes drafts in the order of their requests, and hands on exchanges in that order, as soon as they are whole."""

    def __init__(self, emit: Callable[[Exchange], None]) -> None:
        self._emit = emit
        self._waiting: deque[Draft] = deque()
        self.links = Links()
        self.count = 0
        self.schemes: dict[str, str] = {}  # authority → the scheme that it was named with

    def open(self, draft: Draft) -> Draft:
        """Take a draft whose answer may still come."""
        self._waiting.append(draft)
        if draft.origin:
            self.schemes.setdefault(draft.origin.authority, draft.origin.scheme)
        if len(self._waiting) > WINDOW:
            self._waiting[0].is_done = True
            self.flush()
        return draft

    def close(self, draft: Draft) -> None:
        """Say that nothing more can come for a draft."""
        draft.is_done = True
        self.flush()

    def withdraw(self, draft: Draft) -> None:
        """Forget a draft: there was no such request."""
        self._waiting = deque(one for one in self._waiting if one is not draft)
        self.flush()

    def flush(self, *, everything: bool = False) -> None:
        """Hand on what is whole and has nothing unfinished before it."""
        while self._waiting and (everything or self._waiting[0].is_done):
            draft = self._waiting.popleft()
            settle(draft, self.links, self.schemes)
            self.count += 1
            request = draft.request()
            exchange = draft.exchange(request, self.count, self.links.after(request, self.count))
            self.links.add(exchange, draft.upload)
            self._emit(exchange)
