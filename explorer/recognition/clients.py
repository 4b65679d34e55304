"""Clients, by the User-Agent that they send and by what only they do."""

from __future__ import annotations

import re
from collections.abc import Callable

from explorer.model import Exchange
from explorer.recognition.signs import Sign, user_agent

AGENTS = (
    ("docker", r"^docker/(\S+)"),
    ("docker", r"UpstreamClient\(Docker-Client/([^ )\\]+)"),
    ("buildkit", r"^buildkit/(\S+)"),
    ("containerd", r"^containerd/(\S+)"),
    ("nerdctl", r"nerdctl/(\S+)"),
    ("crane", r"^crane/(\S+)"),
    ("kaniko", r"kaniko"),
    ("ko", r"^ko/(\S+)"),
    ("cosign", r"cosign/(\S+)"),
    ("go-containerregistry", r"go-containerregistry/(\S+)"),
    ("skopeo", r"^skopeo/(\S+)"),
    ("podman", r"^(?:podman|libpod)/(\S+)"),
    ("buildah", r"^[Bb]uildah/(\S+)"),
    ("cri-o", r"^cri-o/(\S+)"),
    ("containers/image", r"containers/(\S+) \(github\.com/containers/image\)"),
    ("oras", r"^oras/(\S+)"),
    ("oras-go", r"^oras-go"),
    ("helm", r"^Helm/(\S+)"),
    ("regctl", r"regclient/regctl \(([^)]*)\)"),
    ("regsync", r"regclient/regsync \(([^)]*)\)"),
    ("regclient", r"^regclient"),
    ("jib", r"^jib/? ?(\S*)"),
    (".NET SDK", r"^\.NET"),
    ("trivy", r"^trivy/(\S+)"),
    ("registry-explorer", r"^registry-explorer/?(\S*)"),
    ("curl", r"^curl/(\S+)"),
    ("wget", r"^Wget/(\S+)"),
    ("python-requests", r"^python-requests/(\S+)"),
    ("python-httpx", r"^python-httpx/(\S+)"),
    ("aiohttp", r"aiohttp/(\S+)"),
    ("python-urllib", r"^Python-urllib/(\S+)"),
    ("Go program", r"^Go-http-client/(\S+)"),
    ("PowerShell", r"PowerShell/(\S+)"),
    ("Java program", r"^(?:Java|Apache-HttpClient|okhttp)/(\S+)"),
    ("browser", r"^Mozilla/5\.0"),
)
"""A client's name, and what its User-Agent looks like; the first group is the version."""


def _agent(pattern: str) -> Callable[[Exchange], str]:
    compiled = re.compile(pattern)

    def look(exchange: Exchange) -> str:
        agent = exchange.request.headers.get("User-Agent")
        found = compiled.search(agent) if agent else None
        if not found or agent is None:
            return ""
        version = found[1] if compiled.groups else ""
        return f"its User-Agent is {agent[:80]}\n{version or ''}"

    return look


def _api_version_in_request(exchange: Exchange) -> str:
    named = any(row.name == "Docker-Distribution-API-Version" for row in exchange.request.headers)
    return "it sends Docker-Distribution-API-Version itself, as containers/image does" if named else ""


def _origin_in_mount(exchange: Exchange) -> str:
    target = exchange.request.target
    return (
        "its mount names an origin=, as go-containerregistry does" if "mount=" in target and "origin=" in target else ""
    )


CLIENTS: tuple[Sign, ...] = (
    *(
        Sign(name, "decides", _agent(pattern), name in ("Go program", "containers/image"), user_agent)
        for name, pattern in AGENTS
    ),
    Sign("containers/image", "likely", _api_version_in_request, is_base=True),
    Sign("go-containerregistry", "likely", _origin_in_mount, is_base=True),
)
