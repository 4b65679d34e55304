"""regctl, of regclient."""

from __future__ import annotations

from explorer.flows.clients import Body, Check, ClientShape, Join, Mount

REGCTL = ClientShape(
    "regctl",
    "regctl 0.9 (regclient)",
    "regclient scheme/reg/blob.go; the HEAD of a manifest seen by regctl -v trace",
    "regclient/regctl (v0.9.2)",
    check=Check.TAG_FIRST,
    accepts=(
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.v1+prettyjws",
        "application/vnd.docker.distribution.manifest.v1+json",
        "application/vnd.oci.artifact.manifest.v1+json",
    ),
    config_first=True,
    mount=Mount(cancels=True),
    mounts_anonymously=True,
    body=Body.PUT,
    join=Join.APPENDED,
    keeps_referrers=True,
)
