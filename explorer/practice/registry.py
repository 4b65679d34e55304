"""The registry: which request goes where, and what every answer has.

A path that matches no row of the table is answered as Go's router answers it (301 to the cleaned path, 301 to the same
path with or without its last slash where that one exists), or with what is wrong with it.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import replace

from explorer.model import Header, Headers
from explorer.practice.access import Access, TokenAccess, Wanted, wanted_of
from explorer.practice.access.checks import TOKEN_PATH
from explorer.practice.access.realm import give_token
from explorer.practice.answers import answer, plain, redirect
from explorer.practice.call import Call
from explorer.practice.digests import complaint
from explorer.practice.endpoints import Endpoint, endpoints_of
from explorer.practice.errors import Refusal, refusal
from explorer.practice.manner import Manner
from explorer.practice.personalities.specification import SPECIFICATION
from explorer.practice.store import Store
from explorer.practice.urls import clean_path, encode_path, is_repository, parse_query, split_target
from explorer.wire.server import Incoming, Outgoing

_LONGEST_NAME = 255
_NAMED = re.compile(r"/v2/(.+)/(?:manifests/([^/]+)|blobs/([^/]+)|tags/list|blobs/uploads/[^/]*)")
_PLAIN = ("Content-Type", "text/plain; charset=utf-8")


class Registry:
    """A registry over a store; `handle` is safe to call from several threads."""

    def __init__(self, store: Store, access: Access | None = None, manner: Manner = SPECIFICATION) -> None:
        """Serve a store in some manner; without an `access`, to anyone."""
        self.store = store
        self.manner = manner
        self._access = access
        self._endpoints = endpoints_of(manner)

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
        try:
            return self._dressed(self._routed(incoming, path, query))
        except Refusal as refused:
            return self._dressed(self._refused(refused))

    def _routed(self, incoming: Incoming, path: str, query: str) -> Outgoing:
        cleaned = clean_path(path)
        if cleaned != path and not self.manner.merges_slashes:
            return answer(301, ("Location", _with_query(cleaned, query)))
        endpoint, words = self._match(cleaned)
        if endpoint is None:
            return self._unrouted(incoming, cleaned, query)
        return self._dispatch(endpoint, words, incoming, cleaned, query)

    def _dispatch(
        self, endpoint: Endpoint, words: dict[str, str], incoming: Incoming, path: str, query: str
    ) -> Outgoing:
        name = words.get("name", "")
        values = parse_query(query)
        needs = endpoint.needs or wanted_of(incoming.method, name, values.get("from", ""))
        told = self._access.check(incoming, needs) if self._access else ()
        if len(name) > _LONGEST_NAME:
            why = f"repository name must not be more than {_LONGEST_NAME} characters"
            text = f'repository name "{name}" invalid: {why}'
            raise refusal("name-invalid", text, struct={"Name": name, "Reason": {}})
        wrong = complaint(words["digest"]) if "digest" in words else ""
        if wrong:
            raise refusal("digest-unparsable", wrong, struct={})
        head_everywhere = self.manner.head_everywhere
        action = endpoint.action(incoming.method, head_everywhere=head_everywhere)
        if action is None:
            return self._wrong_method(incoming.method, endpoint.allowed(head_everywhere=head_everywhere))

        def may_pull(source: str) -> bool:
            return self._may_pull(incoming, source)

        call = Call(self.store, self.manner, incoming, path, query, values, may_pull=may_pull, **words)
        answered = self.manner.before(call) if self.manner.before else None
        answered = answered or action(call)
        return replace(answered, headers=Headers((*answered.headers, *(Header(*pair) for pair in told))))

    def _may_pull(self, incoming: Incoming, source: str) -> bool:
        if self._access is None:
            return True
        try:
            self._access.check(incoming, [Wanted("repository", source, "pull")])
        except Refusal:
            return False
        return True

    def _match(self, path: str) -> tuple[Endpoint | None, dict[str, str]]:
        for endpoint in self._endpoints:
            found = endpoint.path.fullmatch(path)
            if found:
                return endpoint, found.groupdict()
        return None, {}

    def _unrouted(self, incoming: Incoming, path: str, query: str) -> Outgoing:
        other = path.removesuffix("/") if path.endswith("/") else f"{path}/"
        if self._match(other)[0]:
            return redirect(incoming.method, _with_query(other, query))
        named = _NAMED.fullmatch(path)
        if named and not self.manner.is_distribution:
            raise _misnamed(*named.groups())
        if "no-route" in self.manner.errors.replies:
            raise refusal("no-route")
        return plain(404, "404 page not found")

    def _wrong_method(self, method: str, allowed: str) -> Outgoing:
        allow = ("Allow", allowed)
        if method == "OPTIONS":
            return answer(200, allow)
        if self.manner.is_distribution:
            return plain(405, "Method not allowed", allow)
        raise refusal("method-wrong", f"{method} is not done here; {allowed} are", headers=(allow,))

    def _refused(self, refused: Refusal) -> Outgoing:
        errors = self.manner.errors
        status = errors.reply(refused.faults[0]).status
        if refused.faults[0].condition in errors.bare:
            return answer(status, *refused.headers)
        return answer(status, ("Content-Type", errors.content_type), *refused.headers, body=errors.body(refused))

    def _dressed(self, outgoing: Outgoing) -> Outgoing:
        """Return an answer with what every answer of this registry has, its headers sorted as Go writes them."""
        rows = [*outgoing.headers, *(Header(*pair) for pair in self.manner.headers)]
        if self.manner.request_id:
            rows.append(Header(self.manner.request_id, secrets.token_hex(16)))
        if self.manner.lower_case:
            rows = [row._replace(name=row.name.lower()) for row in rows]
        rows.sort(key=lambda row: row.name)
        return Outgoing(outgoing.status, Headers(tuple(rows)), outgoing.body, outgoing.reason)


def _misnamed(name: str, reference: str | None, digest: str | None) -> Refusal:
    """Return what is wrong with a path that has the form of an endpoint's, and matches none."""
    if not is_repository(name):
        why = "path components of a-z and 0-9, parted by one '/', with '.', '_', '__' or '-' between them"
        return refusal("name-invalid", f"'{name}' is no name of a repository: it takes {why}")
    if reference:
        return refusal("reference-invalid", f"'{reference}' is neither a tag nor a digest")
    return refusal("digest-unparsable", f"'{digest}' is no digest")


def _with_query(path: str, query: str) -> str:
    return f"{encode_path(path)}?{query}" if query else encode_path(path)
