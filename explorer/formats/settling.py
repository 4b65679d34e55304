"""What is concluded about an exchange when its source has told all that it tells."""

from __future__ import annotations

import re

from explorer.formats.commands.words import Holes, has_hole, split_at_hole
from explorer.formats.drafts import Draft, body_of_size, origin_of, split_url, told_size
from explorer.formats.links import Links
from explorer.model import Header, body_size
from explorer.spec.references import is_loopback

_REDACTED = re.compile(
    r"(?:\S+ +)?(?:<redacted>|\*{3,}|\[+(?:censored|redacted|hidden|masked)[^\]]*\]+|redacted|hidden|\.{3,}"
    r"|\xe2\x80\xa6|x{3,}|<[a-z_ ]+>)",
    re.IGNORECASE,
)
_ELIDED = ("...", "\xe2\x80\xa6", "REDACTED", "<redacted>")
_CREDENTIALS = ("authorization", "proxy-authorization", "cookie")
_BODILESS = ("GET", "HEAD", "DELETE", "OPTIONS")


def settle(draft: Draft, links: Links, schemes: dict[str, str]) -> None:
    """Fill the holes that earlier answers fill, and tell apart what is absent from what is not told.

    `links` knows the earlier exchanges, `schemes` under which scheme an authority was named so far.
    """
    if draft.origin is None and draft.target.startswith(("http://", "https://")):  # as proxies are asked
        origin, target = split_url(draft.target)
        draft.origin, draft.target = origin, target if origin else draft.target
    if draft.fill is not None:
        if has_hole(draft.target[:1]):
            _fill(draft, draft.fill, links)
        elif draft.origin is None and (draft.where or has_hole(draft.target)):
            _take_last_origin(draft, links)
    if draft.origin is None and draft.authority:
        draft.origin = origin_of(draft.authority, _scheme(draft, schemes))
    if draft.origin:
        schemes[draft.origin.authority] = draft.origin.scheme
    told = {row.name.lower(): row.value for row in reversed(draft.headers)}  # the first of a name counts
    _name_what_was_taken_out(draft, told)
    _settle_request_body(draft, told)
    _settle_response_body(draft)
    if draft.fill is not None:
        _write_holes(draft)


def _fill(draft: Draft, fill: Holes, links: Links) -> None:
    """Put the last Location where a request begins with something that is not told; without one, the last origin.

    A path that follows shows that what is not told is the registry alone. Where the origin is told, it has to agree.
    """
    _, sign, rest = split_at_hole(draft.target)
    written = fill.written(sign)
    location = links.resolved()
    if rest.startswith("/"):
        draft.target = rest
        draft.note("hole", f"What {written} stands for is not told.", written)
        if draft.origin is None:
            _take_last_origin(draft, links)
    elif location and draft.origin in (None, location[0]):
        draft.origin, target = location
        draft.target = target + rest
        _name_host(draft)
        draft.note("hole-filled", f"{written} is taken to be the Location of the last answer before it.", written)
    elif draft.origin is None:
        _take_last_origin(draft, links)


def _take_last_origin(draft: Draft, links: Links) -> None:
    if links.origin:
        draft.origin = links.origin
        _name_host(draft)
        draft.note("guessed", "Where it goes is not told; it is taken to be where the one before it went.", "origin")


def _name_host(draft: Draft) -> None:
    """Give a request the Host header that its client writes, where the command line takes none away."""
    is_removed = any(note.kind == "header-removed" and note.value.lower() == "host" for note in draft.notes)
    if draft.origin and not draft.header("host") and not is_removed:
        draft.headers.insert(0, Header("Host", draft.origin.authority))


def _write_holes(draft: Draft) -> None:
    assert draft.fill is not None
    texts = [draft.target, *(row.value for row in draft.headers)]
    for hole in (hole for text in texts for hole in draft.fill.of(text)):
        draft.note("hole", f"What {hole.written} stands for is not told.", hole.written)
    if has_hole(draft.header("authorization")):
        draft.unknown.add("request.authorization")
    written = draft.fill.written
    draft.target = written(draft.target)
    draft.method = written(draft.method)
    draft.headers = [Header(written(n), written(v), g) for n, v, g in draft.headers]


def _scheme(draft: Draft, schemes: dict[str, str]) -> str:
    if known := schemes.get(draft.authority):
        return known
    if draft.connection.tls:
        return "https"
    if draft.connection.peer:  # curl, which says so where TLS is spoken
        scheme = "https" if draft.connection.peer.endswith((":443", ":8443")) else "http"
        draft.note("guessed", f"Whether it was http or https is not told; {scheme} is a guess.", "scheme")
        return scheme
    host, _, port = draft.authority.rpartition(":") if ":" in draft.authority else (draft.authority, "", "")
    scheme = "http" if port in ("80", "5000", "8080") or is_loopback(host.strip("[]")) else "https"
    draft.note("guessed", f"Whether it was http or https is not told; {scheme} is a guess.", "scheme")
    return scheme


def _name_what_was_taken_out(draft: Draft, told: dict[str, str]) -> None:
    if not told.keys().isdisjoint(_CREDENTIALS):
        for row in draft.headers:
            if row.name.lower() in _CREDENTIALS and _REDACTED.fullmatch(row.value.strip()):
                draft.unknown.add("request.authorization")
    if _is_elided(draft.target):
        draft.note("elided", "A part of the target was left out by whoever shared it.", "request.target")
    for row in draft.response.headers if draft.response else ():
        if "ocation" in row.name and _is_elided(row.value):
            draft.note("elided", f"A part of {row.name} was left out by whoever shared it.", f"response {row.name}")


def _is_elided(text: str) -> bool:
    return any([mark in text for mark in _ELIDED])


def _settle_request_body(draft: Draft, told: dict[str, str]) -> None:
    if body_size(draft.body):
        return
    length = told.get("content-length", "")
    size = told_size(length)
    if size:
        draft.body = body_of_size(size, _named_file(draft) or "not shown")
        draft.unknown.add("request.body")
    elif draft.basis == "observed" and (length or draft.method in _BODILESS) and not told.get("transfer-encoding"):
        draft.unknown.discard("request.body")
    elif told.get("transfer-encoding"):
        draft.unknown.add("request.body")


def _named_file(draft: Draft) -> str:
    return next((f"{note.value}, which was not read" for note in draft.notes if note.kind == "body-file"), "")


def _settle_response_body(draft: Draft) -> None:
    response = draft.response
    if response is None:
        return
    if body_size(response.body):
        draft.unknown.discard("response.body")
        return
    length = response.headers.get("Content-Length") or ""
    size = told_size(length)
    is_empty = draft.method == "HEAD" or response.status in (204, 304) or response.status < 200
    if is_empty or (length and not size):
        draft.unknown.discard("response.body")
    elif size:
        draft.response = response.with_body(body_of_size(size, "not shown"))
