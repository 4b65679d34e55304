"""A practice registry with faults, and clients that see what comes of it."""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass

import pytest

from explorer.faults.switchboard import Switchboard
from explorer.practice import PracticeRegistry, TokenAccess, Users, personalities
from explorer.spec.digests import digest_of

DATA = b"0123456789"
DIGEST = digest_of(DATA)
OCTETS = {"Content-Type": "application/octet-stream"}
MANIFEST = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": DIGEST, "size": len(DATA)},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": DIGEST, "size": len(DATA)}],
    }
).encode()


@dataclass(frozen=True)
class Seen:
    """What a client sees of an answer; names of headers in lower case."""

    status: int
    reason: str
    headers: dict[str, str]
    body: bytes

    @property
    def location(self) -> str:
        """The Location."""
        return self.headers["location"]


class Talk:
    """A plain HTTP client of a registry: nothing is followed, retried or added."""

    def __init__(self, registry: PracticeRegistry) -> None:
        self.registry = registry
        self.origin = registry.origin

    def ask(self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Seen:
        """Send one request over a connection of its own; a Location of this registry will do as a target."""
        target = target.removeprefix(str(self.origin))
        with closing(http.client.HTTPConnection(self.origin.host, self.origin.port, timeout=10)) as connection:
            connection.request(method, target, body, headers or {})
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Seen(answer.status, answer.reason, named, answer.read())

    def chunked(self, method: str, target: str, *pieces: bytes) -> Seen:
        """Send a request with a chunked body."""
        with closing(http.client.HTTPConnection(self.origin.host, self.origin.port, timeout=10)) as connection:
            target = target.removeprefix(str(self.origin))
            connection.request(method, target, iter(pieces), dict(OCTETS), encode_chunked=True)
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Seen(answer.status, answer.reason, named, answer.read())

    def open(self, name: str = "t/r") -> Seen:
        """Open an upload."""
        return self.ask("POST", f"/v2/{name}/blobs/uploads/")

    def patch(self, location: str, data: bytes = DATA, **headers: str) -> Seen:
        """Send bytes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("PATCH", location, data, OCTETS | named)

    def put(self, location: str, data: bytes = b"", digest: str = DIGEST) -> Seen:
        """Close an upload."""
        join = "&" if "?" in location else "?"
        return self.ask("PUT", f"{location}{join}digest={digest}", data, OCTETS)

    def token(self, scope: str = "repository:t/r:pull,push") -> dict[str, str]:
        """Get a token, and return the header that carries it."""
        login = base64.b64encode(":".join(LOGIN).encode()).decode()
        path = f"/token?service=practice-registry&scope={scope}"
        granted = self.ask("GET", path, b"", {"Authorization": f"Basic {login}"})
        return {"Authorization": f"Bearer {json.loads(granted.body)['token']}"}

    def error(self, seen: Seen) -> dict[str, object]:
        """Return the first error of an answer."""
        first = json.loads(seen.body)["errors"][0]
        assert isinstance(first, dict)
        return first

    def push_manifest(self, reference: str = "v1", body: bytes = MANIFEST, **headers: str) -> Seen:
        """Push a manifest whose config and layer are one blob, which is there already."""
        kind = {"Content-Type": "application/vnd.oci.image.manifest.v1+json"}
        return self.ask("PUT", f"/v2/t/r/manifests/{reference}", body, kind | headers)

    def push(self, data: bytes = DATA, name: str = "t/r") -> Seen:
        """Push a blob: POST, PATCH, PUT."""
        sent = self.patch(self.open(name).location, data)
        return self.put(sent.location, digest=digest_of(data))


With = Callable[..., Talk]

LOGIN = ("ann", "secret")


@pytest.fixture
def faulty() -> Iterator[With]:
    """Return what runs a practice registry: `faulty("nginx-413=10", auth=True, like="distribution-3")`."""
    with ExitStack() as running:

        def run(*texts: str, auth: bool = False, like: str = "specification") -> Talk:
            access = TokenAccess(Users.of(":".join(LOGIN))) if auth else None
            manner = personalities()[like]
            registry = PracticeRegistry(faults=Switchboard(texts), access=access, manner=manner)
            return Talk(running.enter_context(registry))

        yield run
