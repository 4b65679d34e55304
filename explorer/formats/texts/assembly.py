"""From drafts to exchanges: in the order of their requests, each after the one that it followed.

An exchange comes after the one whose Location it used; where Locations are not told, after the last one of the same
upload; else after the one before it. So attempts of one step stand beside each other, and an upload is a chain even
where several run at once.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator

from explorer.errors import Stuck
from explorer.formats.drafts import Draft
from explorer.formats.settling import settle
from explorer.model import Exchange, Origin, Request
from explorer.spec.locations import resolve

WINDOW = 4096
"""So many exchanges wait for their answers at once; beyond, the oldest is taken to have none."""

MOST_LOCATIONS = 200_000
"""So many addresses of uploads are remembered."""


_UPLOAD = re.compile(r"/blobs/uploads/[^/]+$")


class Links:
    """Which earlier exchange an exchange follows: the one whose Location it used."""

    def __init__(self) -> None:
        self._ids: dict[int, int] = {}
        self._uploads: dict[int, int] = {}
        self.latest: tuple[Request, str] | None = None  # the last answer with a Location, and the request that got it

    def after(self, request: Request, id: int) -> int:
        """Return the id of the exchange whose answer led to this request; else of the one before it."""
        for url in _addresses(request):
            if found := self._ids.get(hash(url)):
                return found
        path = request.target.partition("?")[0]
        return self._uploads.get(hash(path), id - 1) if _UPLOAD.search(path) else id - 1

    def add(self, exchange: Exchange, upload: str = "") -> None:
        """Remember where an answer leads, and which upload it is of."""
        path = upload or exchange.request.target.partition("?")[0]
        if _UPLOAD.search(path):
            self._uploads[hash(path)] = exchange.id
        location = exchange.response.headers.get("Location") if exchange.response else None
        if not location:
            return
        self.latest = exchange.request, location
        try:
            origin, target = resolve(exchange.request, location)
        except Stuck:
            return
        if len(self._ids) >= MOST_LOCATIONS:
            self._ids.clear()
            self._uploads.clear()
        self._ids[hash(f"{origin}{target}")] = exchange.id
        path = target.partition("?")[0]
        if _UPLOAD.search(path):
            self._uploads[hash(path)] = exchange.id

    def resolved(self) -> tuple[Origin, str] | None:
        """Return where the last Location leads; None where there was none, or none that can be followed."""
        if self.latest is None:
            return None
        try:
            return resolve(*self.latest)
        except Stuck:
            return None


def _addresses(request: Request) -> Iterator[str]:
    """Yield the URL and what may have been its address before a parameter was appended, however that was done."""
    url = request.url
    yield url
    for sign in "&?":
        front, mark, last = url.rpartition(sign)
        if mark and "=" in last:
            yield front


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

    def flush(self, *, everything: bool = False) -> None:
        """Hand on what is whole and has nothing unfinished before it."""
        while self._waiting and (everything or self._waiting[0].is_done):
            draft = self._waiting.popleft()
            settle(draft, self.links.resolved, self.schemes)
            self.count += 1
            request = draft.request()
            exchange = draft.exchange(request, self.count, self.links.after(request, self.count))
            self.links.add(exchange, draft.upload)
            self._emit(exchange)
