"""crane, of go-containerregistry."""

from __future__ import annotations

from explorer.flows.clients import Check, ClientShape, Mount

_VERSION = "v0.21.10-0.20260821201612-3f4ff3ca60f5"

CRANE = ClientShape(
    "crane",
    "crane 0.21 (go-containerregistry)",
    "a push seen by crane -v; go-containerregistry pkg/v1/remote/write.go",
    f"crane/{_VERSION} go-containerregistry/{_VERSION}",
    pings=True,
    check=Check.TAG_FIRST,
    accepts=(
        "application/vnd.docker.distribution.manifest.v1+json,"
        "application/vnd.docker.distribution.manifest.v1+prettyjws,"
        "application/vnd.docker.distribution.manifest.v2+json,"
        "application/vnd.oci.image.manifest.v1+json,"
        "application/vnd.docker.distribution.manifest.list.v2+json,"
        "application/vnd.oci.image.index.v1+json",
    ),
    mount=Mount(names_origin=True, configs=False),
    opens_as="application/json",
    closes_as="application/octet-stream",
    keeps_referrers=True,
)
