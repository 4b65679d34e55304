"""Real clients against the practice registry, and the practice registry beside docker's own."""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import http.client
import io
import json
import re
import signal
import socket
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from explorer.decoders.upload_state import state_of
from explorer.errors import InputError
from explorer.model import Origin
from explorer.practice import PracticeRegistry
from explorer.practice.tokens import BadToken, check
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_CONFIG, OCI_INDEX, OCI_LAYER, OCI_MANIFEST
from tests.ports import free_port, until_it_listens

Need = Callable[[str], str]
Answer = tuple[int, dict[str, str], bytes]


def ask(origin: Origin, method: str, target: str, body: bytes = b"", **headers: str) -> Answer:
    """Send one request and return status, headers (lower-case names) and body."""
    connection = http.client.HTTPConnection(origin.host, origin.port, timeout=10)
    try:
        connection.request(method, target, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def run(*arguments: str) -> str:
    return subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=60).stdout


def write_layout(folder: Path) -> str:
    """Write an OCI layout of one image with one gzip layer; return the manifest's digest."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo("hello")
        entry.size = 3_000_000
        tar.addfile(entry, io.BytesIO(bytes(entry.size)))
    layer = gzip.compress(archive.getvalue(), mtime=0)
    made = {"architecture": "amd64", "os": "linux", "config": {}}
    config = json.dumps({**made, "rootfs": {"type": "layers", "diff_ids": [digest_of(archive.getvalue())]}}).encode()

    def kept(data: bytes, media_type: str) -> dict[str, object]:
        path = folder / "blobs" / digest_of(data).replace(":", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return {"mediaType": media_type, "digest": digest_of(data), "size": len(data)}

    parts = {"config": kept(config, OCI_CONFIG), "layers": [kept(layer, f"{OCI_LAYER}+gzip")]}
    manifest = json.dumps({"schemaVersion": 2, "mediaType": OCI_MANIFEST, **parts}).encode()
    listed = {**kept(manifest, OCI_MANIFEST), "annotations": {"org.opencontainers.image.ref.name": "v1"}}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [listed]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    return digest_of(manifest)


def copy(skopeo: str, source: str, target: str) -> None:
    plain = ("--src-tls-verify=false", "--dest-tls-verify=false")
    run(skopeo, "--insecure-policy", "copy", *plain, source, target)


def test_skopeo_pushes_and_pulls_the_same_image(practice: PracticeRegistry, need: Need, tmp_path: Path) -> None:
    skopeo = need("skopeo")
    digest = write_layout(tmp_path / "in")
    host = practice.origin.authority
    copy(skopeo, f"oci:{tmp_path / 'in'}:v1", f"docker://{host}/demo/app:v1")
    copy(skopeo, f"docker://{host}/demo/app:v1", f"docker://{host}/demo/copy:v2")
    copy(skopeo, f"docker://{host}/demo/copy:v2", f"oci:{tmp_path / 'out'}:v1")
    assert json.loads((tmp_path / "out" / "index.json").read_text())["manifests"][0]["digest"] == digest
    assert sorted(path.name for path in (tmp_path / "out" / "blobs" / "sha256").iterdir()) == sorted(
        path.name for path in (tmp_path / "in" / "blobs" / "sha256").iterdir()
    )
    assert ask(practice.origin, "GET", "/v2/_catalog")[2] == b'{"repositories":["demo/app","demo/copy"]}\n'


def test_skopeo_pushes_docker_manifests(practice: PracticeRegistry, need: Need, tmp_path: Path) -> None:
    skopeo = need("skopeo")
    write_layout(tmp_path / "in")
    target = f"docker://{practice.origin.authority}/demo/app:v1"
    run(skopeo, "--insecure-policy", "copy", "-f", "v2s2", "--dest-tls-verify=false", f"oci:{tmp_path}/in:v1", target)
    told = json.loads(run(skopeo, "inspect", "--tls-verify=false", target))
    assert told["RepoTags"] == ["v1"]


@pytest.mark.parametrize(
    "framing",
    [[], ["-H", "Transfer-Encoding: chunked"], ["-H", "Expect:"], ["-H", "Expect: 100-continue"], ["--http1.0"]],
)
def test_curl_uploads_in_every_framing(
    practice: PracticeRegistry, need: Need, tmp_path: Path, framing: list[str]
) -> None:
    curl = need("curl")
    data = bytes(range(256)) * 10_000
    (tmp_path / "blob").write_bytes(data)
    location = ask(practice.origin, "POST", "/v2/a/blobs/uploads/")[1]["location"]
    given = ["-T", str(tmp_path / "blob"), "-H", "Content-Type: application/octet-stream"]
    patched = run(curl, "-si", "-X", "PATCH", *given, *framing, location)
    followed = re.findall(r"^Location: (\S+)", patched, re.MULTILINE)[0]
    closed = run(curl, "-si", "-X", "PUT", f"{followed}&digest={digest_of(data)}")
    assert closed.startswith("HTTP/1.1 201")
    got = subprocess.run(
        [curl, "-s", f"{practice.origin}/v2/a/blobs/{digest_of(data)}"], capture_output=True, check=True
    )
    assert got.stdout == data


def test_curl_gives_up_a_body_that_is_refused(practice: PracticeRegistry, need: Need, tmp_path: Path) -> None:
    curl = need("curl")
    (tmp_path / "blob").write_bytes(bytes(5_000_000))
    told = run(curl, "-si", "-T", str(tmp_path / "blob"), f"{practice.origin}/v2/a/blobs/uploads/x?_state=x")
    assert told.startswith("HTTP/1.1 404")
    assert "BLOB_UPLOAD_INVALID" in told


def send_half(origin: Origin, line: str) -> bytes:
    """Send half of a body, close that side, and return the answer."""
    with socket.create_connection((origin.host, origin.port), timeout=10) as sock:
        sock.sendall(f"{line} HTTP/1.1\r\nHost: h\r\nContent-Length: 20\r\n\r\nten bytes!".encode())
        sock.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: sock.recv(65536), b""))


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_client_that_half_closes_is_told_499_and_its_bytes_stay(practice: PracticeRegistry, method: str) -> None:
    opened = ask(practice.origin, "POST", "/v2/a/blobs/uploads/")[1]["location"].removeprefix(str(practice.origin))
    received = send_half(practice.origin, f"{method} {opened}&digest={digest_of(b'x')}")
    assert received.startswith(b"HTTP/1.1 499 status code 499\r\n")
    assert b"client disconnected" in received
    assert ask(practice.origin, "GET", opened)[1]["range"] == "0-9"


def test_a_single_post_that_breaks_off_is_a_499(practice: PracticeRegistry) -> None:
    line = f"POST /v2/a/blobs/uploads/?digest={digest_of(b'x')}"
    assert send_half(practice.origin, line).startswith(b"HTTP/1.1 499 ")


def test_a_port_in_use_is_a_sentence(practice: PracticeRegistry) -> None:
    with pytest.raises(InputError, match="Choose another port"):
        PracticeRegistry(port=practice.origin.port).start()


def test_two_clients_on_one_upload_cannot_mix_their_bytes(practice: PracticeRegistry) -> None:
    opened = ask(practice.origin, "POST", "/v2/a/blobs/uploads/")[1]["location"].removeprefix(str(practice.origin))
    statuses: list[int] = []

    def send(letter: bytes) -> None:
        statuses.append(ask(practice.origin, "PATCH", opened, letter * 3_000_000)[0])

    threads = [threading.Thread(target=send, args=(letter,)) for letter in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [202, 416, 416]
    assert ask(practice.origin, "GET", opened)[1]["range"] == "0-2999999"


def test_clients_push_side_by_side(practice: PracticeRegistry) -> None:
    statuses: list[int] = []

    def push(number: int) -> None:
        data = str(number % 4).encode() * 500_000
        target = f"/v2/r{number % 2}/blobs/uploads/?digest={digest_of(data)}"
        statuses.append(ask(practice.origin, "POST", target, data)[0])

    threads = [threading.Thread(target=push, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [201] * 16


@pytest.fixture(scope="module")
def docker_registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Need], Origin]]:
    """Start docker's registry 2.8 with the secret `aaa` when a test first asks for it."""
    started: list[tuple[subprocess.Popen[bytes], Origin]] = []

    def start(need: Need) -> Origin:
        if not started:
            started.append(_start_registry(need("docker-registry"), tmp_path_factory.mktemp("registry")))
            until_it_listens(started[0][1].port, started[0][0])
        return started[0][1]

    yield start
    for process, _ in started:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _start_registry(program: str, folder: Path) -> tuple[subprocess.Popen[bytes], Origin]:
    origin = Origin("http", "127.0.0.1", free_port())
    config = {
        "version": 0.1,
        "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(folder / "data")}, "delete": {"enabled": True}},
        "http": {"addr": origin.authority, "secret": "aaa"},
    }
    (folder / "config.yml").write_text(json.dumps(config))
    quiet = subprocess.DEVNULL
    return subprocess.Popen([program, "serve", str(folder / "config.yml")], stdout=quiet, stderr=quiet), origin


def test_tokens_of_a_real_registry_are_read_and_verified(docker_registry: Callable[[Need], Origin], need: Need) -> None:
    location = ask(docker_registry(need), "POST", "/v2/t/r/blobs/uploads/")[1]["location"]
    token = unquote(location.partition("_state=")[2])
    state = state_of(location)
    assert state is not None
    assert (state.name, state.offset) == ("t/r", 0)
    assert check(b"aaa", token) == state
    raw = base64.urlsafe_b64decode(token)
    assert hmac.new(b"aaa", raw[32:], hashlib.sha256).digest() == raw[:32]


@pytest.mark.parametrize(
    "spoilt",
    [
        "{}?digest=sha256:x",
        *("{}=", "{}x", "x{}", "{}%3D", "+{}", "=", "AA==", "A", "AAAAAA", ""),
        *("AA%3D", "AA%3Dx", "AAA%3Dx", "AA%3D%3Dx", "AAAA%2E", "%C3%A9", "AA%0A%3D%0A%3D", "{}%20"),
    ],
)
def test_bad_base64_is_found_where_go_finds_it(
    docker_registry: Callable[[Need], Origin], practice: PracticeRegistry, need: Need, spoilt: str
) -> None:
    origin = docker_registry(need)
    target = ask(origin, "POST", "/v2/t/r/blobs/uploads/")[1]["location"].removeprefix(str(origin))
    path, _, token = target.partition("?_state=")
    target = f"{path}?_state={spoilt.format(token)}"
    theirs = (
        json.loads(ask(origin, "PATCH", target, b"x")[2])["errors"][0] if target != f"{path}?_state={token}" else {}
    )
    ours = json.loads(ask(practice.origin, "PATCH", target, b"x")[2])["errors"][0]
    number = re.findall(r"illegal base64 data at input byte (\d+)", str(ours.get("detail")))
    assert ours["code"].startswith("BLOB_UPLOAD")
    assert theirs.get("detail") == (int(number[0]) if number else {})


def test_a_token_is_refused_by_both_in_the_same_way() -> None:
    with pytest.raises(BadToken, match="invalid secret"):
        check(b"aaa", "A" * 64)
