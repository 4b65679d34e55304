"""Where a lesson takes place: a practice registry on this machine, and things to push to it."""

from __future__ import annotations

import base64
import json

from explorer.flows.requests import request
from explorer.frozen import frozen
from explorer.model import Body, Exchange, Origin, Request, Step
from explorer.spec.digests import digest_of
from explorer.spec.locations import append_query, resolve
from explorer.spec.media_types import OCI_CONFIG, OCI_LAYER, OCI_MANIFEST

OCTETS = ("Content-Type", "application/octet-stream")
LAYER = b"Hello from a layer.\n"
USER, PASSWORD = "learner", "secret"


@frozen
class Classroom:
    """The registry that a lesson talks to. Its requests are written here, as steps."""

    origin: Origin

    def step(
        self, title: str, method: str, target: str, *headers: tuple[str, str], body: Body | None = None, spec: str = ""
    ) -> Step:
        """Return a step to this registry."""
        return Step(title, request(method, self.origin, target, *headers, body=body), spec)

    def open(self, name: str, *headers: tuple[str, str]) -> Step:
        """Return the step that opens an upload."""
        return self.step("Open an upload", "POST", f"/v2/{name}/blobs/uploads/", *headers, body=b"", spec="end-4a")

    def at(self, last: Exchange, title: str, method: str, *headers: tuple[str, str], body: Body | None = None) -> Step:
        """Return a step to the Location of an answer; raises Stuck where there is none."""
        return Step(title, self._at(last, method, "", headers, body), "end-5" if method == "PATCH" else "end-13")

    def close(self, last: Exchange, digest: str, *headers: tuple[str, str], body: Body = b"") -> Step:
        """Return the step that closes an upload at the Location of an answer."""
        kind = (OCTETS,) if body else ()
        return Step(
            "Close with the digest", self._at(last, "PUT", f"digest={digest}", (*kind, *headers), body), "end-6"
        )

    def head(self, name: str, digest: str) -> Step:
        """Return the step that asks for a blob."""
        return self.step("Is the blob there?", "HEAD", f"/v2/{name}/blobs/{digest}", spec="end-2")

    def put_manifest(self, name: str, reference: str, body: bytes, kind: str = OCI_MANIFEST) -> Step:
        """Return the step that stores a manifest."""
        target = f"/v2/{name}/manifests/{reference}"
        return self.step("Store the manifest", "PUT", target, ("Content-Type", kind), body=body, spec="end-7")

    def get_manifest(self, name: str, reference: str, accept: str = OCI_MANIFEST) -> Step:
        """Return the step that asks for a manifest."""
        return self.step(
            "Get the manifest", "GET", f"/v2/{name}/manifests/{reference}", ("Accept", accept), spec="end-3"
        )

    def _at(
        self, last: Exchange, method: str, query: str, headers: tuple[tuple[str, str], ...], body: Body | None
    ) -> Request:
        location = last.response.headers.get("Location") if last.response else None
        origin, target = resolve(last.request, location)
        return request(method, origin, append_query(target, query) if query else target, *headers, body=body)


def config(architecture: str = "amd64") -> bytes:
    """Return an image's config for a platform."""
    return json.dumps(
        {"architecture": architecture, "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}
    ).encode()


def manifest(config: bytes, layer: bytes = LAYER, **more: object) -> bytes:
    """Return the manifest of an image of one layer."""
    fields = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": descriptor(OCI_CONFIG, config),
        "layers": [descriptor(OCI_LAYER, layer)],
        **more,
    }
    return json.dumps(fields, indent=2).encode()


def descriptor(kind: str, data: bytes, **more: object) -> dict[str, object]:
    """Return the descriptor of bytes."""
    return {"mediaType": kind, "digest": digest_of(data), "size": len(data), **more}


def basic() -> tuple[str, str]:
    """Return the header with the learner's login."""
    return "Authorization", "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
