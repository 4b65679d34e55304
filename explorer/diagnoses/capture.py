"""What to record next, and how: for each client the command that shows its HTTP, where it can show it at all."""

from __future__ import annotations

HOW = {
    "docker": "docker shows no HTTP: run `registry-explorer record REGISTRY` and push to the address that it prints "
    "(docker tag IMAGE 127.0.0.1:PORT/NAME, docker push 127.0.0.1:PORT/NAME)",
    "dockerd": 'set "debug": true in /etc/docker/daemon.json and read `journalctl -u docker`; it shows HTTP with the '
    "containerd store only, so better run `registry-explorer record REGISTRY` and push through it",
    "buildkit": "buildkitd --debug (docker buildx create --buildkitd-flags --debug), then `docker buildx build --push "
    "--progress plain`; or push through `registry-explorer record REGISTRY`",
    "containerd": "ctr images push --http-dump --http-trace REFERENCE > push.log 2>&1",
    "nerdctl": "nerdctl --debug-full push REFERENCE > push.log 2>&1",
    "crane": "crane -v push ARCHIVE REFERENCE 2> push.log",
    "skopeo": "skopeo --debug copy SOURCE DESTINATION 2> push.log",
    "podman": "podman --log-level=debug push REFERENCE 2> push.log",
    "buildah": "buildah --log-level debug push REFERENCE 2> push.log",
    "oras": "oras push --debug REFERENCE FILE > push.log 2>&1",
    "regctl": "regctl -v trace --logopt json image copy SOURCE DESTINATION 2> push.log",
    "helm": "helm push --debug CHART oci://REGISTRY/NAME 2> push.log",
    "kaniko": "/kaniko/executor --verbosity=trace … 2> push.log",
    "curl": "curl -v … 2>&1 | tee push.log (or --trace push.trace, which keeps every byte)",
    "registry": "log.level: debug in the registry's configuration, and its log of that minute",
    "proxy": "the proxy's error log of that minute (nginx: error_log … info;), and its access log",
}
"""What to do to see the exchanges, by client."""

USUAL = (
    "run `registry-explorer record REGISTRY` and do the same through the address that it prints, or take the client's "
    "debug log (skopeo --debug, crane -v, podman --log-level=debug, oras --debug, regctl -v trace, curl -v)"
)
"""What to do where the client is not known."""


def capture(client: str) -> str:
    """Return how to record what a client does."""
    return HOW.get(client, USUAL)
