"""What to type so that a client goes through the recorder."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.model import Origin
from explorer.recorder.wanted import Recording
from explorer.spec.references import is_loopback

CLIENTS = {
    "docker": "docker tag app:v1 {registry}/demo/app:v1 && docker push {registry}/demo/app:v1",
    "podman": "podman push --tls-verify=false app:v1 {registry}/demo/app:v1",
    "skopeo": "skopeo copy --dest-tls-verify=false docker-archive:app.tar docker://{registry}/demo/app:v1",
    "crane": "crane push --insecure app.tar {registry}/demo/app:v1",
    "oras": "oras push --plain-http {registry}/demo/files:v1 README.md",
    "curl": "curl -i http://{registry}/v2/",
}
"""A line for each client, with the recorder's address as `{registry}`."""

EVERYWHERE = ("0.0.0.0", "::")


def reachable(address: Origin) -> Origin:
    """Return an address that this machine reaches a recorder by, where it listens on all of them."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}
    return Origin(address.scheme, local.get(address.host, address.host), address.port)


def begin_lines(wanted: Recording, address: Origin, *, with_clients: bool = True, end: str = "Ctrl-C") -> Iterator[str]:
    """Yield what is said when a recorder has begun: where it is, what ends it, what it exposes, and what to type."""
    registry = reachable(address).authority
    yield f"Recording between {registry} and {wanted.upstream}{wanted.base}. {end} ends it."
    yield from warning_lines(wanted, address)
    if wanted.is_verbatim:
        yield "Verbatim: nothing is rewritten, so a Location or a realm may lead the client around the recorder."
    if not with_clients:
        return
    yield f"Send a client to {registry} in the place of {wanted.upstream.authority}:"
    width = max(map(len, CLIENTS))
    for client, line in CLIENTS.items():
        yield f"  {client:<{width}}  {line.format(registry=registry)}"
    yield f"Clients keep logins by host: log in to {registry} as you do to {wanted.upstream.authority}."


def warning_lines(wanted: Recording, address: Origin) -> Iterator[str]:
    """Yield what is exposed, where others than this machine can reach a recorder."""
    if is_loopback(address.host):
        return
    where = "every address of this machine" if address.host in EVERYWHERE else address.host
    yield (
        f"WARNING: this listens on {where}, port {address.port}. Whoever can reach it can use {wanted.upstream} "
        "through it and read the recording's session as it happens on the wire; what clients send to it, passwords "
        "included, goes there in plain http."
    )
