"""What an answer offers to later requests: every value in it that a request may carry on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from explorer.errors import Stuck
from explorer.frozen import frozen
from explorer.model import Exchange, Response, shared
from explorer.spec.challenges import parse_challenges
from explorer.spec.locations import path_of, resolve

SHORTEST = 8
"""Values of fewer characters are not looked for by their look alone: they would be found anywhere by chance."""

JSON_LIMIT = 4 * 1024 * 1024
"""Bodies above so many bytes are not searched for values."""

_MOST_VALUES = 20_000
_DEEPEST = 32
_TOKENS = ("token", "access_token", "refresh_token")
_PLAIN_HEADERS = ("docker-upload-uuid", "blob-upload-uuid", "docker-content-digest", "etag", "oci-subject")


@frozen
class Offer:
    """One value of an answer: where it stands there (`key`), its kind, and the value as a request would carry it.

    `key` names the place in words and is the same for the same place of another answer: "Location", "body /token".
    Kinds: url (a target to send to), token, scope, service, digest, name, tag, value.
    """

    key: str
    kind: str
    value: str
    origin: str = ""  # of a url: scheme://host[:port] that it leads to


def offers_of(exchange: Exchange) -> tuple[Offer, ...]:
    """Return what the answer of an exchange offers; nothing where there is none. Never raises."""
    response = exchange.response
    if response is None:
        return ()
    return (*_urls(exchange, response), *_headers(response), *_challenges(exchange, response), *_body(response))


def _urls(exchange: Exchange, response: Response) -> Iterator[Offer]:
    for location in response.headers.all("Location")[:1]:
        yield from _url(exchange, "Location", location)
    for link in response.headers.all("Link"):
        start, end = link.find("<"), link.find(">")
        if 0 <= start < end:
            yield from _url(exchange, "Link", link[start + 1 : end])


def _url(exchange: Exchange, key: str, text: str) -> Iterator[Offer]:
    try:
        origin, target = resolve(exchange.request, text)
    except Stuck:
        return
    yield Offer(key, "url", target, str(origin))
    if "?" in target:
        yield Offer(shared(f"{key}, its path"), "url", path_of(target), str(origin))


def _headers(response: Response) -> Iterator[Offer]:
    for row in response.headers:
        if row.name.lower() in _PLAIN_HEADERS and len(row.value.strip('"')) >= SHORTEST:
            yield Offer(row.name, "digest" if ":" in row.value else "value", row.value.strip('"'))


def _challenges(exchange: Exchange, response: Response) -> Iterator[Offer]:
    for challenge in parse_challenges(response.headers):
        if realm := challenge.get("realm"):
            yield from _url(exchange, "realm of the challenge", realm)
        if service := challenge.get("service"):
            yield Offer("service of the challenge", "service", service)
        for scope in challenge.scopes:
            yield Offer("scope of the challenge", "scope", scope)


def _body(response: Response) -> Iterator[Offer]:
    body = response.body
    if not isinstance(body, bytes) or len(body) > JSON_LIMIT or body.lstrip()[:1] not in (b"{", b"["):
        return
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return
    for count, (path, text) in enumerate(_strings(value, "", 0)):
        if count >= _MOST_VALUES:
            return
        if kind := _kind(path, text):
            yield Offer(shared(f"body {path}"), kind, shared(text))


def _strings(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif depth < _DEEPEST and isinstance(value, dict):
        for name, inner in value.items():
            yield from _strings(inner, f"{path}/{name}", depth + 1)
    elif depth < _DEEPEST and isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _strings(inner, f"{path}/{index}", depth + 1)


def _kind(path: str, text: str) -> str:
    """Return the kind of a string in a body; empty where it is none that a request carries on."""
    first, _, rest = path[1:].partition("/")
    if path[1:] in _TOKENS:
        return "token"
    if first == "tags" and rest.isdecimal():
        return "tag"
    if first == "repositories" and rest.isdecimal():
        return "name"
    if path.endswith("/digest"):
        return "digest"
    return "value" if len(text) >= SHORTEST and not any(sign.isspace() for sign in text) else ""
