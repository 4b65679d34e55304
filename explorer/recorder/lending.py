"""Which credentials of a client go on to which origin: those that were meant for it.

At the recorder all origins have one address, so a client that follows a redirect keeps the credentials that it would
have dropped for another host. They are held back here. What a client sends goes to the upstream, to the very address
that a challenge has named as its realm, and to an origin that has asked for credentials itself, where they are not
another's.
"""

from __future__ import annotations

import re
import threading

from explorer.errors import Stuck
from explorer.model import Headers, Origin, Request
from explorer.recorder.mapping import Mapping, Way
from explorer.redact import is_secret
from explorer.spec.challenges import parse_challenges
from explorer.spec.locations import resolve

_URL = re.compile(r"https?://", re.IGNORECASE)


class Lending:
    """Remembers who has asked for credentials, and which ones went where; may be used by several threads."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._realms: set[tuple[Origin, str]] = set()
        self._asking: set[Origin] = set()
        self._owners: dict[int, Origin] = {}
        self._lock = threading.Lock()

    def withheld(self, way: Way, headers: Headers) -> tuple[str, ...]:
        """Return the names, in lower case, of the headers that must not go on."""
        secrets = [(row.name.strip().lower(), row.value) for row in headers if is_secret(row.name)]
        if not secrets:
            return ()
        with self._lock:
            if self._mapping.is_upstream(way.origin) or (way.origin, way.target.partition("?")[0]) in self._realms:
                for _, value in secrets:
                    self._owners.setdefault(hash(value), way.origin)
                return ()
            if way.origin not in self._asking:
                return tuple(name for name, _ in secrets)
            owners = ((name, self._owners.setdefault(hash(value), way.origin)) for name, value in secrets)
            return tuple(name for name, owner in owners if owner != way.origin)

    def challenged(self, way: Way, headers: Headers) -> None:
        """Take note of what an answer of 401 asks for."""
        realms = [challenge.get("realm") for challenge in parse_challenges(headers)]
        with self._lock:
            if realms:
                self._asking.add(way.origin)
            for realm in realms:
                if _URL.match(realm):
                    self._note(way, realm)

    def _note(self, way: Way, realm: str) -> None:
        try:
            origin, target = resolve(Request("", way.origin, way.target), realm)
        except Stuck:
            return
        self._realms.add((origin, target.partition("?")[0]))
