"""docker with its classic image store (graph drivers)."""

from __future__ import annotations

from explorer.flows.clients import Body, ClientShape, Mount

DOCKER = ClientShape(
    "docker",
    "docker 28 with the classic image store",
    "moby distribution/push_v2.go and distribution's client blob_writer.go, repository.go; not seen on the wire",
    "docker/28.0.4 go/go1.23.7 git-commit/6430e49 kernel/6.1.0-31-amd64 os/linux arch/amd64 "
    r"UpstreamClient(Docker-Client/28.0.4 \(linux\))",
    closes=True,
    pings=True,
    layer_checks=0,
    mount=Mount(configs=False),
    body=Body.PATCH_IN_CHUNKS,
    looks_after=True,
)
