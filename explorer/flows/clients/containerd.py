"""containerd (ctr, nerdctl, BuildKit), and docker with containerd's image store."""

from __future__ import annotations

from dataclasses import replace

from explorer.flows.clients import Body, Check, ClientShape, Join, Mount

CONTAINERD = ClientShape(
    "containerd",
    "containerd 2 (ctr, nerdctl; BuildKit but for its name)",
    "containerd core/remotes/docker/pusher.go; requests of ctr seen on the wire",
    "containerd/2.0.4",
    check=Check.EACH,
    accepts_any=True,
    config_first=True,
    mount=Mount(Join.APPENDED),
    body=Body.PUT,
)

DOCKER_CONTAINERD = replace(
    CONTAINERD,
    name="docker-containerd",
    imitates="docker 28 with containerd's image store",
    evidence="moby daemon/containerd; containerd core/remotes/docker/pusher.go; not seen on the wire",
    user_agent="docker/28.0.4 go/go1.23.7 git-commit/6430e49 kernel/6.1.0-31-amd64 os/linux arch/amd64 "
    r"containerd-client/1.7.27 storage-driver/overlayfs UpstreamClient(Docker-Client/28.0.4 \(linux\))",
)
