"""One request on its way through the registry: what it asks for, taken apart, and the store that it is about."""

from __future__ import annotations

from collections.abc import Callable

from explorer.frozen import frozen
from explorer.practice.manner import Manner
from explorer.practice.store import Store
from explorer.practice.urls import base_url, parse_pairs
from explorer.wire.server import Incoming


def _anything(_name: str) -> bool:
    return True


@frozen
class Call:
    """A request that matched an endpoint: `path` is decoded, `query` too; what its path has no word for is empty."""

    store: Store
    manner: Manner
    incoming: Incoming
    path: str
    raw_query: str
    query: dict[str, str]
    name: str = ""
    reference: str = ""  # a tag, or a digest, or what looks like one
    digest: str = ""
    upload: str = ""
    may_pull: Callable[[str], bool] = _anything  # from a repository

    def header(self, name: str) -> str:
        """Return the value of a header of the request; empty where it is not there."""
        return self.incoming.headers.get(name) or ""

    def values(self, name: str) -> list[str]:
        """Return the values of a parameter of the query, in order."""
        return [value for key, value in parse_pairs(self.raw_query) if key == name]

    def url(self, path: str) -> str:
        """Return the address of a path below this repository, as this registry writes addresses."""
        return self.address(f"/v2/{self.name}/{path}")

    def address(self, path: str) -> str:
        """Return the address of a path, with the host or without it."""
        return path if self.manner.relative else f"{base_url(self.incoming)}{path}"
