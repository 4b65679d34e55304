"""Which exchange an exchange follows.

It comes after the one whose Location it used; where Locations are not told, after the last one of the same upload; else
after the one before it. So attempts of one step stand beside each other, and an upload is a chain even where several
run at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from explorer.errors import Stuck
from explorer.model import Exchange, Origin, Request
from explorer.spec.locations import resolve

MOST_LOCATIONS = 200_000
"""So many addresses of uploads are remembered."""


class Links:
    """Which earlier exchange an exchange follows: the one whose Location it used."""

    def __init__(self) -> None:
        self._ids: dict[int, int] = {}
        self._uploads: dict[int, int] = {}
        self.origin: Origin | None = None  # where the last request went, as far as that is told
        self.latest: tuple[Request, str] | None = None  # the last answer with a Location, and the request that got it

    def after(self, request: Request, id: int) -> int:
        """Return the id of the exchange whose answer led to this request; else of the one before it."""
        if self._ids:
            for url in _addresses(request):
                if found := self._ids.get(hash(url)):
                    return found
        path = request.target.partition("?")[0]
        return self._uploads.get(hash(path), id - 1) if _is_upload(path) else id - 1

    def add(self, exchange: Exchange, upload: str = "") -> None:
        """Remember where an answer leads, and which upload it is of."""
        if "request.origin" not in exchange.unknown:
            self.origin = exchange.request.origin
        path = upload or exchange.request.target.partition("?")[0]
        if _is_upload(path):
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
        if _is_upload(path):
            self._uploads[hash(path)] = exchange.id

    def resolved(self) -> tuple[Origin, str] | None:
        """Return where the last Location leads; None where there was none, or none that can be followed."""
        if self.latest is None:
            return None
        try:
            return resolve(*self.latest)
        except Stuck:
            return None


def _is_upload(path: str) -> bool:
    front, _, last = path.rpartition("/")
    return bool(last) and front.endswith("/blobs/uploads")


def _addresses(request: Request) -> Iterator[str]:
    """Yield the URL and what may have been its address before a parameter was appended, however that was done."""
    url = request.url
    yield url
    for sign in "&?":
        if sign in url:
            front, _, last = url.rpartition(sign)
            if "=" in last:
                yield front
