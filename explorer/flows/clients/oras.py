"""oras, of oras-go."""

from __future__ import annotations

from explorer.flows.clients import Body, Check, ClientShape, Join, Mount

ORAS = ClientShape(
    "oras",
    "oras 1.3 (oras-go 2)",
    "oras-go registry/remote/repository.go and copy.go; not seen on the wire",
    "oras/1.3.0",
    check=Check.DIGEST_FIRST,
    config_first=True,
    mount=Mount(Join.APPENDED),
    body=Body.PUT,
    keeps_referrers=True,
)
