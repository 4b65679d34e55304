"""One request on its way through the registry: what it asks for, taken apart, and the store that it is about."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.practice.store import Store
from explorer.practice.urls import base_url
from explorer.wire.server import Incoming


@dataclass(frozen=True, slots=True)
class Call:
    """A request that matched an endpoint: `path` is decoded, `query` too; what its path has no word for is empty."""

    store: Store
    incoming: Incoming
    path: str
    query: dict[str, str]
    name: str = ""
    reference: str = ""  # a tag, or a digest, or what looks like one
    digest: str = ""
    upload: str = ""

    def header(self, name: str) -> str:
        """Return the value of a header of the request; empty where it is not there."""
        return self.incoming.headers.get(name) or ""

    def url(self, path: str) -> str:
        """Return the absolute address of a path below this repository."""
        return f"{base_url(self.incoming)}/v2/{self.name}/{path}"
