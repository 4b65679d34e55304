"""skopeo and curl through the recorder, with an independent tap on each side of it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from explorer.model import Exchange, Headers, Origin
from explorer.practice import PracticeRegistry, TokenAccess, Users
from explorer.wire.options import ConnectionOptions
from explorer.wire.server import Incoming, Outgoing, Server, plain_answer
from tests.ports import free_port, until_it_listens
from tests.real.conftest import Skopeo, need
from tests.recorder.recording import Recorded, check_against_taps, recording, wait_until
from tests.recorder.taps import Tap
from tests.wire.authority import Authority

CONTENT = bytes(range(256)) * 1200
LOGIN = "ann:apple"


@dataclass
class Ways:
    """The recorder with a tap before it and one behind it; clients go to `address`."""

    left: Tap
    right: Tap
    recorded: Recorded
    repository: str = "guarded/app"

    @property
    def address(self) -> str:
        return self.left.authority

    def check(self) -> list[Exchange]:
        """Wait until all is over, compare with the taps, and return the exchanges."""
        wait_until(lambda: not self.recorded.recorder.connections)
        time.sleep(0.05)
        exchanges = [exchange for exchange in self.recorded.exchanges if exchange.sent_head]
        check_against_taps(exchanges, self.left, self.right)
        return exchanges


@contextlib.contextmanager
def between_taps(registry: str, authority: Authority | None = None) -> Iterator[Ways]:
    """Put taps and a recorder before a registry; with an authority, the recorder reaches it by TLS."""
    context = authority.sign("server").server() if authority else None
    with ExitStack() as stack:
        right = stack.enter_context(Tap(registry, context))
        host, _, port = right.authority.rpartition(":")
        origin = Origin("https" if authority else "http", host, int(port))
        connection = ConnectionOptions(ca=str(authority.ca) if authority else None)
        recorded = stack.enter_context(recording(origin, connection=connection))
        yield Ways(stack.enter_context(Tap(recorded.address)), right, recorded)


Upstream = Callable[[], contextlib.AbstractContextManager[tuple[str, Authority | None]]]


@pytest.fixture(params=["docker-registry", "practice", "docker-registry TLS", "practice TLS"])
def ways(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ways]:
    """Return the recorder before each kind of registry."""
    kind: str = request.param
    authority = Authority(tmp_path / "ca") if kind.endswith("TLS") else None
    with ExitStack() as stack:
        if kind.startswith("practice"):
            registry = stack.enter_context(PracticeRegistry()).origin.authority
        else:
            registry = request.getfixturevalue("docker_registry")
        ways = stack.enter_context(between_taps(registry, authority))
        ways.repository = f"recorded/{kind.lower().replace(' ', '-')}"
        yield ways


def manifest_of(folder: Path) -> bytes:
    return (folder / "manifest.json").read_bytes()


def test_skopeo_pushes_and_pulls_and_every_byte_is_accounted_for(ways: Ways, skopeo: Skopeo, layout: Path) -> None:
    skopeo.copy(f"oci:{layout}:latest", f"docker://{ways.address}/{ways.repository}:v1")
    skopeo.copy(f"docker://{ways.address}/{ways.repository}:v1", f"dir:{skopeo.folder}/back")
    root = json.loads((layout / "index.json").read_bytes())["manifests"][0]["digest"]
    assert hashlib.sha256(manifest_of(skopeo.folder / "back")).hexdigest() == root.partition(":")[2]
    exchanges = ways.check()
    assert {exchange.request.method for exchange in exchanges} >= {"HEAD", "POST", "PATCH", "PUT", "GET"}
    assert all(exchange.error is None for exchange in exchanges)
    for exchange in exchanges:
        _, _, claimed = exchange.request.target.partition("digest=sha256%3A")
        if exchange.request.method == "PUT" and claimed:
            before = [e for e in exchanges if e.request.method == "PATCH" and e.sent_sha256 == claimed[:64]]
            assert before, "no PATCH had the bytes whose digest was claimed"


def curl(*words: str, data: bytes = b"") -> bytes:
    done = subprocess.run(
        [need("curl"), "-sS", "-i", "--max-time", "30", *words], input=data, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def location_of(answer: bytes) -> str:
    lines = answer.decode("latin-1").split("\r\n")
    return next(line.partition(": ")[2] for line in lines if line.lower().startswith("location:"))


@pytest.mark.parametrize(
    "words",
    [
        ("--data-binary", "@-"),
        ("-T", "-"),
        ("--data-binary", "@-", "-H", "Transfer-Encoding: chunked"),
        ("--data-binary", "@-", "-H", "Expect: 100-continue"),
        ("--data-binary", "@-", "-0"),
    ],
    ids=["sized", "chunked upload", "chunked data", "continue", "HTTP/1.0"],
)
def test_curl_uploads_in_each_framing(ways: Ways, words: tuple[str, ...]) -> None:
    base = f"http://{ways.address}/v2/{ways.repository}/curl"
    opened = location_of(curl("-X", "POST", f"{base}/blobs/uploads/"))
    assert opened.startswith((f"http://{ways.address}/v2/", "/v2/"))
    sent = curl("-X", "PATCH", "-H", "Content-Type: application/octet-stream", *words, opened, data=CONTENT)
    digest = hashlib.sha256(CONTENT).hexdigest()
    closed = curl("-X", "PUT", f"{location_of(sent)}&digest=sha256:{digest}")
    assert b" 201 Created" in closed.split(b"\r\n")[0]
    assert curl(f"{base}/blobs/sha256:{digest}").endswith(CONTENT)
    assert b"Content-Length: %d" % len(CONTENT) in curl("-I", f"{base}/blobs/sha256:{digest}")
    exchanges = ways.check()
    assert [(e.sent_size, e.sent_sha256) for e in exchanges if e.request.method == "PATCH"] == [(len(CONTENT), digest)]
    assert [exchange.status for exchange in exchanges] == [202, 202, 201, 200, 200]


@pytest.mark.parametrize("realm_port", [None, 0], ids=["its own realm", "a realm of another origin"])
def test_a_token_service_is_passed_through_too(realm_port: int | None, skopeo: Skopeo, layout: Path) -> None:
    access = TokenAccess(Users.of(LOGIN))
    with ExitStack() as stack:
        practice = stack.enter_context(PracticeRegistry(access=access, realm_port=realm_port))
        ways = stack.enter_context(between_taps(practice.origin.authority))
        target = f"docker://{ways.address}/guarded/app:v1"
        skopeo.copy(f"oci:{layout}:latest", target, "--dest-creds", LOGIN)
        skopeo.copy(target, f"dir:{skopeo.folder}/back", "--src-creds", LOGIN)
        exchanges = ways.check()
        realm = access.realm or f"http://{ways.right.authority}/token"
    tokens = [exchange for exchange in exchanges if exchange.request.target.startswith("/token")]
    assert tokens
    assert {str(exchange.request.origin) for exchange in tokens} == {realm.removesuffix("/token")}
    assert all(exchange.status == 200 for exchange in tokens)


NGINX = """
daemon off; error_log stderr error; pid {folder}/pid; worker_processes 1;
events {{ }}
http {{
  access_log off; client_max_body_size 0; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port} ssl; ssl_certificate {cert}; ssl_certificate_key {key};
    location / {{
      proxy_pass http://{registry}; proxy_set_header Host $http_host;
      proxy_http_version 1.1; proxy_request_buffering off; proxy_buffering off;
    }}
  }}
}}
"""


@pytest.fixture
def nginx(docker_registry: str, tmp_path: Path) -> Iterator[tuple[Origin, Authority]]:
    """Return nginx with TLS before a registry that does not know of it, and so hands out http Locations."""
    authority, port = Authority(tmp_path / "ca"), free_port()
    signed = authority.sign("server")
    config = tmp_path / "nginx.conf"
    config.write_text(
        NGINX.format(folder=tmp_path, port=port, cert=signed.certificate, key=signed.key, registry=docker_registry)
    )
    with subprocess.Popen(
        [need("nginx"), "-c", str(config), "-p", str(tmp_path)], stderr=subprocess.DEVNULL
    ) as process:
        try:
            until_it_listens(port, process)
            yield Origin("https", "127.0.0.1", port), authority
        finally:
            process.terminate()


def test_http_locations_behind_tls_still_push_and_pull(
    nginx: tuple[Origin, Authority], skopeo: Skopeo, layout: Path
) -> None:
    origin, authority = nginx
    with recording(origin, connection=ConnectionOptions(ca=str(authority.ca))) as recorded:
        here = recorded.address
        target = f"docker://{here}/behind/tls:v1"
        skopeo.copy(f"oci:{layout}:latest", target)
        skopeo.copy(target, f"dir:{skopeo.folder}/back")
        wait_until(lambda: not recorded.recorder.connections)
    posts = [exchange for exchange in recorded.exchanges if exchange.request.method == "POST"]
    assert posts
    for post in posts:
        assert post.response
        assert post.client
        assert (post.response.headers.get("Location") or "").startswith(f"http://{origin.authority}/v2/")
        assert f"Location: http://{here}/v2/".encode() in post.client.received_head


def test_blobs_that_are_redirected_to_another_origin_come_from_there_without_credentials(
    skopeo: Skopeo, layout: Path
) -> None:
    access, asked = TokenAccess(Users.of(LOGIN)), []

    def storage(incoming: Incoming) -> Outgoing:
        asked.append(incoming)
        path, _, query = incoming.target.partition("?")
        if incoming.headers.get("Authorization") or query != "X-Sig=a%2Fb%3D&x=%20":
            return plain_answer(400, "Only one auth mechanism allowed")
        return Outgoing(200, Headers.of(("Content-Type", "application/octet-stream")), blobs[path])

    blobs = {f"/bucket/{file.name}": file.read_bytes() for file in (layout / "blobs" / "sha256").iterdir()}
    with Server(storage) as store, PracticeRegistry(access=access) as practice:
        inner = practice._handle

        def redirecting(incoming: Incoming) -> Outgoing:
            came = inner(incoming)
            if came.status != 200 or "/blobs/sha256:" not in incoming.target or incoming.method != "GET":
                return came
            where = f"{store.address}/bucket/{incoming.target.rpartition(':')[2]}?X-Sig=a%2Fb%3D&x=%20"
            return Outgoing(307, Headers.of(("Location", where)))

        with Server(redirecting) as front, recording(front.address) as recorded:
            target = f"docker://{recorded.address}/guarded/app:v1"
            skopeo.copy(f"oci:{layout}:latest", target, "--dest-creds", LOGIN)
            skopeo.copy(target, f"dir:{skopeo.folder}/back", "--src-creds", LOGIN)
            wait_until(lambda: not recorded.recorder.connections)
        there = store.address
    assert asked
    assert {incoming.host for incoming in asked} == {there.authority}
    hops = [exchange for exchange in recorded.exchanges if exchange.request.origin == there]
    assert [hop.status for hop in hops] == [200] * len(hops)
    assert all(hop.client and b"/.via/http/" in hop.client.sent_head for hop in hops)
    assert any(note.kind == "withheld" for hop in hops for note in hop.notes)
