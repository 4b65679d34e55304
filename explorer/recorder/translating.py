"""A request's head as the upstream needs it, an answer's as the client is told it; all else stays byte for byte."""

from __future__ import annotations

import re

from explorer.frozen import frozen
from explorer.recorder.fields import changed, with_target, without
from explorer.recorder.mapping import Way, authority_of
from explorer.recorder.shop import Shop
from explorer.wire.heads import Head, RequestHead
from explorer.wire.tunnels import proxy_login, proxy_words

_REALM = re.compile(r'(\brealm\s*=\s*"?)(https?://[^",\s]*)', re.IGNORECASE)
_LINK = re.compile(r"<([^<>]*)>")
_REFERENCES = ("location", "content-location")
_LEADING_BACK = (b"host", b"referer", b"origin")
_LEADING_ON = (b"location", b"content-location", b"link", b"www-authenticate")


@frozen
class Translated:
    """A request on its way: where it goes, its head there, what was held back, and how the client reached us."""

    way: Way
    head: bytes
    authority: str
    client_target: str
    withheld: tuple[str, ...] = ()
    proxy: str = ""


def translated(shop: Shop, head: RequestHead) -> Translated:
    """Return a request as the upstream needs it; raises InputError where no origin is known that it could go to."""
    if shop.is_verbatim:
        return Translated(Way(shop.mapping.upstream, head.target), head.raw, "", head.target)
    authority = authority_of(head.headers, shop.address.authority)
    way = shop.mapping.way(head.target, authority)
    withheld = shop.lending.withheld(way, head.headers)

    def change(name: str, value: str) -> str | None:
        if name == "host":
            return way.origin.authority
        return shop.mapping.says_upstream(authority, value)

    raw = changed(head.raw, _LEADING_BACK, change)
    if withheld:
        raw = without(raw, lambda name, _: name in withheld)
    route = shop.reaching.route(way.origin)
    target = way.target
    if route.proxy and route.is_told_the_origin(way.origin.scheme):
        target = f"{way.origin}{target}" if target.startswith("/") else target
        raw = _with_rows(raw, proxy_login(route.proxy))
    raw = with_target(raw, head.target, target)
    return Translated(way, raw, authority, head.target, withheld, proxy_words(route, way.origin.scheme))


def told_head(shop: Shop, into: Translated, answer: Head) -> bytes:
    """Return the head of an answer as the client is told it: whatever it may follow leads to the recorder."""
    if shop.is_verbatim:
        return answer.raw
    if answer.status == 401:
        shop.lending.challenged(into.way, answer.headers)
    mapping = shop.mapping

    def told(url: str) -> str | None:
        return mapping.told(into.way, into.client_target, into.authority, url)

    def change(name: str, value: str) -> str | None:
        if name in _REFERENCES:
            return told(value.strip())
        mapped = value
        if name == "link":
            mapped = _LINK.sub(lambda found: f"<{told(found[1]) or found[1]}>", value)
        elif name == "www-authenticate":
            mapped = _REALM.sub(lambda found: found[1] + (told(found[2]) or found[2]), value)
        return mapped if mapped != value else None

    return changed(answer.raw, _LEADING_ON, change)


def _with_rows(raw: bytes, rows: tuple[tuple[str, str], ...]) -> bytes:
    end = raw.rindex(b"\n", 0, len(raw) - 2) + 1 if raw.endswith(b"\r\n\r\n") else len(raw) - 1
    added = b"".join(f"{name}: {value}\r\n".encode("latin-1") for name, value in rows)
    return raw[:end] + added + raw[end:]
