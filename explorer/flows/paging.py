"""Lists that come in pages: `Link: <…>; rel="next"` (RFC 8288; distribution-spec, "Listing Tags")."""

from __future__ import annotations

import re
from collections.abc import Callable

from explorer.errors import Stuck
from explorer.flows import Flow
from explorer.flows.answers import answered
from explorer.flows.redirected import redirected
from explorer.model import Exchange, Request
from explorer.spec.locations import resolve

MOST_PAGES = 1000
_NEXT = re.compile(r"<([^>]*)>\s*;(?:[^,]*;)?\s*rel\s*=\s*\"?next\"?", re.IGNORECASE)


def pages(
    title: str, first: Request, *, spec: str, why: str, expects: tuple[int, ...], take: Callable[[Exchange], None]
) -> Flow[int]:
    """Ask for page after page and hand each to `take`; returns their number.

    Raises Stuck where a Link leads to another origin, back to a page that was there, or on without an end.
    """
    asked = first
    seen: set[str] = set()
    for number in range(1, MOST_PAGES + 1):
        page = yield from redirected(
            answered(title if number == 1 else f"{title}, page {number}", asked, spec=spec, why=why, expects=expects)
        )
        take(page)
        seen.add(page.request.target)
        following = next_page(page)
        if following is None:
            return number
        if following.target in seen:
            raise Stuck(f"The Link of page {number} leads back to {following.target}, which was there already.")
        asked = following
    raise Stuck(f"There were {MOST_PAGES} pages and still a Link to another; this is taken for endless.")


def next_page(page: Exchange) -> Request | None:
    """Return the request for the next page, None where there is none; raises Stuck where it is on another origin."""
    links = ", ".join(page.response.headers.all("Link")) if page.response else ""
    found = _NEXT.search(links)
    if not found:
        return None
    origin, target = resolve(page.request, found[1])
    if origin != page.request.origin:
        raise Stuck(f"The Link leads to {origin}, but the list is of {page.request.origin}; it is not followed.")
    return Request(page.request.method, origin, target, page.request.headers)
