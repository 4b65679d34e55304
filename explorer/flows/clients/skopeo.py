"""skopeo and podman, which share a library (containers/image)."""

from __future__ import annotations

from dataclasses import replace

from explorer.flows.clients import ClientShape, Mount

SKOPEO = ClientShape(
    "skopeo",
    "skopeo 1.9.3 (containers/image 5.22)",
    "requests of skopeo 1.9.3 seen on the wire; containers/image docker_image_dest.go",
    "skopeo/1.9.3",
    every=(("Docker-Distribution-Api-Version", "registry/2.0"),),
    closes=True,
    pings=True,
    layer_checks=2,
    mount=Mount(asks_source=True, cancels=True, configs=False),
    closes_as="application/octet-stream",
)

PODMAN = replace(
    SKOPEO,
    name="podman",
    imitates="podman, buildah (containers/image 5)",
    evidence="containers/image, docker_image_dest.go and docker_client.go; not seen on the wire",
    user_agent="containers/5.36.2 (github.com/containers/image)",
)
