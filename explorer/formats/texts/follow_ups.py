"""Requests that a text does not show: those that a redirect led to, and those of answers that stand alone."""

from __future__ import annotations

from explorer.errors import Stuck
from explorer.formats.drafts import Draft, split_url
from explorer.model import Header, Headers, Request, Response
from explorer.spec.locations import resolve


def follow_up(before: Draft, line: int) -> Draft:
    """Return the request that curl makes when it follows a redirect (RFC 9110, section 15.4, and curl's own habits)."""
    response = before.response
    location = response.headers.get("Location") if response else None
    draft = Draft(line, before.method, headers=list(before.headers), basis="inferred", follows=before.follows)
    draft.unknown |= {"request.headers", "request.body", *({"request.method"} if not before.target else ())}
    draft.note("guessed", "The request is not shown; it is the one that the redirect before it led to.", "request")
    if response and response.status in (301, 302, 303) and before.method == "POST" and not before.keeps_method:
        draft.method = "GET"
    if before.origin:
        try:
            sent = Request(before.method, before.origin, before.target, Headers())
            draft.origin, draft.target = resolve(sent, location)
        except Stuck:
            return draft
        draft.headers = [Header("Host", draft.origin.authority), *(row for row in draft.headers if row.name != "Host")]
    else:
        draft.origin, draft.target = split_url(location or "")
    return draft


def orphan(response: Response | None, line: int) -> Draft:
    """Return a request for an answer of which nothing else is told, as far as the answer allows a guess."""
    draft = Draft(line, basis="inferred")
    draft.unknown |= {"request.method", "request.target", "request.headers", "request.body", "request.authorization"}
    location = (response.headers.get("Location") if response else None) or ""
    origin, target = split_url(location)
    if response is None or not location:
        return draft
    path = target.partition("?")[0]
    if response.status == 202 and "/blobs/uploads/" in path and response.headers.get("Range") in (None, "0-0", "0--1"):
        draft.method, draft.origin, draft.target = (
            "POST",
            origin,
            path[: path.index("/blobs/uploads/")] + "/blobs/uploads/",
        )
    elif response.status in (301, 308) and path.endswith("/blobs/uploads/"):
        draft.method, draft.origin, draft.target = "POST", origin, target[:-1]
    else:
        return draft
    draft.note("guessed", "The request is not shown; it is a guess from the answer.", "request")
    return draft


def share_origin(drafts: list[Draft]) -> None:
    """Let requests that were redirected into each other, and tell no origin, have the one that an answer names."""
    locations = (draft.response.headers.get("Location") or "" for draft in drafts if draft.response)
    origin = next((found for found in (split_url(location)[0] for location in locations) if found), None)
    for draft in drafts:
        if draft.origin is None and not draft.authority and origin and draft.target.startswith("/"):
            draft.origin = origin
            draft.note(
                "guessed", "Where it went is not told; the origin is that of a Location in the answers.", "origin"
            )
