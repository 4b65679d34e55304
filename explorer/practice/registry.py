"""The registry: which request goes where. A table of paths, each with its actions by method.

A path that matches no row is answered as Go's router answers it: 301 to the cleaned path, 301 to the same path with or
without its last slash where that one exists, else 404 as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from explorer.model import Headers
from explorer.practice import blobs, manifests, tags, uploads
from explorer.practice.access import CATALOG, Access, TokenAccess, Wanted, wanted_of
from explorer.practice.access.checks import TOKEN_PATH
from explorer.practice.access.realm import give_token
from explorer.practice.answers import answer, plain, redirect
from explorer.practice.call import Call
from explorer.practice.digests import LOOKS_LIKE
from explorer.practice.errors import Refusal, error_answer, refusal
from explorer.practice.store import Store
from explorer.practice.urls import REPOSITORY, clean_path, encode_path, parse_query, split_target
from explorer.wire.server import Incoming, Outgoing

Action = Callable[[Call], Outgoing]

_ANY = "*"
_NAME = rf"(?P<name>{REPOSITORY})"
_TAG = r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}"
_LONGEST_NAME = 255


def check_api(call: Call) -> Outgoing:  # noqa: ARG001 - an action of the table
    """Say that this is a registry."""
    return answer(200, ("Content-Length", "2"), ("Content-Type", "application/json"), body=b"{}")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A row of the table: the paths that it is for, and what is done by method."""

    path: re.Pattern[str]
    actions: Mapping[str, Action] = field(default_factory=dict)
    needs: tuple[Wanted, ...] = ()  # where no repository says it


def _endpoint(path: str, **actions: Action) -> Endpoint:
    return Endpoint(re.compile(path), actions)


ENDPOINTS = (
    Endpoint(re.compile(r"/v2/"), {_ANY: check_api}),
    Endpoint(re.compile(r"/v2/_catalog"), {"GET": tags.list_repositories}, (CATALOG,)),
    _endpoint(rf"/v2/{_NAME}/tags/list", GET=tags.list_tags),
    _endpoint(
        rf"/v2/{_NAME}/manifests/(?P<reference>{_TAG}|{LOOKS_LIKE})",
        GET=manifests.get,
        HEAD=manifests.get,
        PUT=manifests.put,
        DELETE=manifests.delete,
    ),
    _endpoint(rf"/v2/{_NAME}/blobs/(?P<digest>{LOOKS_LIKE})", GET=blobs.get, HEAD=blobs.get, DELETE=blobs.delete),
    _endpoint(
        rf"/v2/{_NAME}/blobs/uploads/",
        POST=uploads.start,
        GET=uploads.unknown,
        HEAD=uploads.unknown,
        PATCH=uploads.unknown,
        PUT=uploads.unknown,
        DELETE=uploads.unknown,
    ),
    _endpoint(
        rf"/v2/{_NAME}/blobs/uploads/(?P<upload>[a-zA-Z0-9_.=-]+)",
        POST=uploads.reopen,
        GET=uploads.status,
        HEAD=uploads.status,
        PATCH=uploads.append,
        PUT=uploads.finish,
        DELETE=uploads.cancel,
    ),
)
"""Every endpoint, in the order in which they are tried."""


class Registry:
    """A registry over a store; `handle` is safe to call from several threads."""

    def __init__(self, store: Store, access: Access | None = None) -> None:
        """Serve a store; without an `access`, to anyone."""
        self.store = store
        self._access = access

    def handle(self, incoming: Incoming) -> Outgoing:
        """Answer one request."""
        split = split_target(incoming.target)
        if split is None:
            return plain(400, "400 Bad Request")
        path, query = split
        if path == "/":
            return Outgoing(200, Headers.of(("Cache-Control", "no-cache")))
        if path == TOKEN_PATH and isinstance(self._access, TokenAccess) and not self._access.realm:
            return give_token(self._access, incoming, query)
        cleaned = clean_path(path)
        if cleaned != path:
            return answer(301, ("Location", _with_query(cleaned, query)))
        try:
            return self._dispatch(incoming, path, query)
        except Refusal as refused:
            return error_answer(refused)

    def _dispatch(self, incoming: Incoming, path: str, query: str) -> Outgoing:
        endpoint, words = _match(path)
        if endpoint is None:
            other = path.removesuffix("/") if path.endswith("/") else f"{path}/"
            if _match(other)[0]:
                return redirect(incoming.method, _with_query(other, query))
            return plain(404, "404 page not found")
        name = words.get("name", "")
        values = parse_query(query)
        if self._access:
            self._access.check(incoming, endpoint.needs or wanted_of(incoming.method, name, values.get("from", "")))
        if len(name) > _LONGEST_NAME:
            why = f"repository name must not be more than {_LONGEST_NAME} characters"
            raise refusal("UNKNOWN", f'repository name "{name}" invalid: {why}')
        action = endpoint.actions.get(incoming.method) or endpoint.actions.get(_ANY)
        if action is None:
            return _wrong_method(incoming.method, endpoint)
        return action(Call(self.store, incoming, path, values, **words))


def _match(path: str) -> tuple[Endpoint | None, dict[str, str]]:
    for endpoint in ENDPOINTS:
        found = endpoint.path.fullmatch(path)
        if found:
            return endpoint, found.groupdict()
    return None, {}


def _with_query(path: str, query: str) -> str:
    return f"{encode_path(path)}?{query}" if query else encode_path(path)


def _wrong_method(method: str, endpoint: Endpoint) -> Outgoing:
    allowed = ("Allow", ", ".join(sorted(endpoint.actions)))
    return answer(200, allowed) if method == "OPTIONS" else plain(405, "Method not allowed", allowed)
