"""The endpoints: a table of paths, each with its actions by method."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field

from explorer.frozen import frozen
from explorer.practice import blobs, manifests, referrers, tags, uploads
from explorer.practice.access import CATALOG, Wanted
from explorer.practice.answers import answer
from explorer.practice.call import Call
from explorer.practice.digests import LOOKS_LIKE
from explorer.practice.manner import Manner
from explorer.practice.urls import REPOSITORY, TAG
from explorer.wire.server import Outgoing

Action = Callable[[Call], Outgoing]

ANY_METHOD = "*"
_NAME = rf"(?P<name>{REPOSITORY})"
_ID = r"(?P<upload>[a-zA-Z0-9_.=-]+)"


@frozen
class Endpoint:
    """A row of the table: the paths that it is for, what is done by method, and what that needs."""

    path: re.Pattern[str]
    actions: Mapping[str, Action] = field(default_factory=dict)
    needs: tuple[Wanted, ...] = ()  # where no repository says it

    def action(self, method: str, *, head_everywhere: bool) -> Action | None:
        """Return what is done by a method; where `head_everywhere`, a HEAD can do what a GET can."""
        found = self.actions.get(method) or self.actions.get(ANY_METHOD)
        if found is None and method == "HEAD" and head_everywhere:
            return self.actions.get("GET")
        return found

    def allowed(self, *, head_everywhere: bool) -> str:
        """Return the value of Allow."""
        methods = {*self.actions, *(("HEAD",) if head_everywhere and "GET" in self.actions else ())}
        return ", ".join(sorted(methods))


def check_api(call: Call) -> Outgoing:
    """Say that this is a registry."""
    body = call.manner.base_body
    return answer(200, ("Content-Length", str(len(body))), ("Content-Type", call.manner.json_type), body=body)


def endpoints_of(manner: Manner) -> tuple[Endpoint, ...]:
    """Return every endpoint that a registry of that manner has, in the order in which they are tried."""
    found = [
        Endpoint(re.compile(r"/v2/"), {ANY_METHOD: check_api}),
        Endpoint(re.compile(r"/v2/_catalog"), {"GET": tags.list_repositories}, (CATALOG,)),
        _endpoint(rf"/v2/{_NAME}/tags/list", GET=tags.list_tags),
        _endpoint(
            rf"/v2/{_NAME}/manifests/(?P<reference>{TAG}|{LOOKS_LIKE})",
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
            _upload_pattern(manner.uploads.path),
            POST=uploads.reopen,
            GET=uploads.status,
            HEAD=uploads.status,
            PATCH=uploads.append,
            PUT=uploads.finish,
            DELETE=uploads.cancel,
        ),
    ]
    if manner.manifests.referrers:
        found.append(_endpoint(rf"/v2/{_NAME}/referrers/(?P<digest>[^/]+)", GET=referrers.list_referrers))
    return tuple(found)


def _upload_pattern(path: str) -> str:
    before, _, rest = path.partition("{name}")
    between, _, after = rest.partition("{id}")
    return re.escape(before) + _NAME + re.escape(between) + _ID + re.escape(after)


def _endpoint(path: str, **actions: Action) -> Endpoint:
    return Endpoint(re.compile(path), actions)
