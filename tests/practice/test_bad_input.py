"""Malformed, hostile and endless input at the socket: answered as RFC 9112 says, the store unharmed, all alive."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.practice import PracticeRegistry
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_MANIFEST
from explorer.wire.server import LONGEST_HEAD, MOST_HEADERS

HELLO = digest_of(b"hello")
NEXT = b"GET /v2/smuggled/tags/list HTTP/1.1\r\nHost: h\r\n\r\n"
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bad")


@pytest.fixture(scope="module")
def registry(folder: Path) -> Iterator[PracticeRegistry]:
    with PracticeRegistry(folder / "store", idle_seconds=20) as running:
        posted = talk(running, request("POST", f"/v2/a/blobs/uploads/?digest={HELLO}", b"hello"))
        assert statuses(posted) == [201]
        yield running


def request(method: str, target: str, body: bytes = b"", *lines: str) -> bytes:
    framed = [f"Content-Length: {len(body)}"] if body else []
    head = "\r\n".join([f"{method} {target} HTTP/1.1", "Host: h", *framed, *lines, "", ""])
    return head.encode("latin-1") + body


def talk(registry: PracticeRegistry, data: bytes) -> bytes:
    """Send bytes, close that side, and return all that comes back."""
    with socket.create_connection((registry.origin.host, registry.origin.port), timeout=60) as sock:
        received = bytearray()
        try:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            while block := sock.recv(65536):
                received += block
        except (ConnectionResetError, BrokenPipeError):
            pass
        return bytes(received)


def statuses(received: bytes) -> list[int]:
    """Return the statuses of answers that follow each other, each framed by its Content-Length."""
    found = []
    while received:
        head, end, received = received.partition(b"\r\n\r\n")
        line = re.match(rb"HTTP/1\.1 ([1-5][0-9][0-9]) ", head)
        assert line, head[:100]
        assert end
        status = int(line[1])
        if status == 100:
            continue
        found.append(status)
        length = re.search(rb"\r\nContent-Length: (\d+)", head)
        received = received[int(length[1]) if length and status not in (204, 304) else 0 :]
    return found


def is_well(registry: PracticeRegistry, folder: Path) -> None:
    """See that the registry answers, has what it had, and has written nowhere else."""
    answer = talk(registry, request("GET", f"/v2/a/blobs/{HELLO}"))
    assert answer.endswith(b"\r\n\r\nhello")
    assert [path.name for path in folder.iterdir()] == ["store"]
    top = {"aside", "blobs", "lock", "repositories", "store.json", "uploads"}
    assert {path.name for path in (folder / "store").iterdir()} <= top
    blob = folder / "store" / "blobs" / "sha256" / HELLO[7:9] / HELLO[7:]
    assert blob.read_bytes() == b"hello"


@FUZZ
@given(st.binary(max_size=2000))
def test_any_bytes_are_refused_or_waited_for(registry: PracticeRegistry, folder: Path, data: bytes) -> None:
    assert all(status >= 200 for status in statuses(talk(registry, data)))
    is_well(registry, folder)


VALID = (
    request("GET", f"/v2/a/blobs/{HELLO}", b"", "Range: bytes=1-3"),
    request("POST", f"/v2/a/blobs/uploads/?digest={HELLO}", b"hello"),
    request("PUT", "/v2/a/manifests/v1", b'{"schemaVersion":2}', f"Content-Type: {OCI_MANIFEST}"),
    request("GET", f"/v2/a/referrers/{HELLO}?artifactType=x&n=2"),
    request("PATCH", "/v2/a/blobs/uploads/x?_state=AAAA", b"hello", "Content-Range: 0-4"),
    b"PUT /v2/a/manifests/v1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n0\r\n\r\n",
)


@FUZZ
@given(st.sampled_from(VALID), st.integers(0, 400), st.integers(0, 5), st.binary(max_size=8))
def test_a_spoilt_request_harms_nothing(
    registry: PracticeRegistry, folder: Path, whole: bytes, at: int, cut: int, put: bytes
) -> None:
    at %= len(whole)
    statuses(talk(registry, whole[:at] + put + whole[at + cut :]))
    is_well(registry, folder)


@FUZZ
@given(st.binary(max_size=300))
def test_a_spoilt_chunked_body_is_400_or_less_than_a_manifest(
    registry: PracticeRegistry, folder: Path, body: bytes
) -> None:
    head = b"PUT /v2/a/manifests/v1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert all(status >= 400 for status in statuses(talk(registry, head + body)))
    is_well(registry, folder)


TARGETS = st.one_of(
    st.lists(
        st.sampled_from(
            [
                "v2",
                "a",
                "..",
                ".",
                "%2e%2e",
                "%2F",
                "%00",
                "blobs",
                "uploads",
                "manifests",
                "tags",
                "list",
                "\xff",
                HELLO,
                "",
            ]
        )
    ).map("/".join),
    st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=200),
)


@FUZZ
@given(st.sampled_from(["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "BREW"]), TARGETS)
def test_no_path_leads_out_of_the_store(registry: PracticeRegistry, folder: Path, method: str, target: str) -> None:
    talk(registry, request(method, f"/{target}", b"x"))
    is_well(registry, folder)


@pytest.mark.parametrize(
    "target",
    [
        "/v2/../../etc/passwd/tags/list",
        "/v2/a/manifests/..",
        "/v2/a/manifests/%2e%2e%2f%2e%2e%2fstore.json",
        "/v2/a%2f..%2f..%2fx/blobs/uploads/",
        "/v2/a/blobs/uploads/..%2f..%2fstore.json",
        f"/v2/a/blobs/uploads/?mount={HELLO}&from=..%2F..",
        "/v2/a/blobs/sha256:../../../store.json",
        "/v2/\xe9\xff/tags/list",
        "/v2/a/tags/list?last=%ff%fe&n=%00",
        f"/v2/{'a/' * 10_000}tags/list",
        f"/v2/a/tags/list?{'n=1&' * 10_000}",
    ],
)
def test_a_path_that_tries_is_refused(registry: PracticeRegistry, folder: Path, target: str) -> None:
    for method in ("GET", "PUT", "POST", "DELETE"):
        for status in statuses(talk(registry, request(method, target, b"x"))):
            assert status in (202, 301) or 400 <= status < 500, (method, status)
    is_well(registry, folder)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (request("GET", "/v2/", b"", *["A: b"] * MOST_HEADERS), 431),
        (request("GET", "/v2/", b"", f"A: {'b' * LONGEST_HEAD}"), 431),
        (request("GET", "/v2/" + "a" * LONGEST_HEAD), 431),
        (b"A" * (LONGEST_HEAD + 10), 431),
        (request("GET", "/v2/", b"", "Content-Length: 99999999999999999999"), 400),
        (request("GET", "/v2/", b"", "Content-Length: -1"), 400),
        (request("GET", "/v2/", b"", "Content-Length: +5"), 400),
        (request("GET", "/v2/", b"", "Content-Length: 0x5"), 400),
        (request("GET", "/v2/", b"", "A : b"), 400),
        (request("GET", "/v2/", b"", " folded"), 400),
        (request("GET", "/v2/", b"", "A: b\0c"), 400),
        (request("GET", "/v2/", b"", "A: b\rc"), 400),
        (request("GET", "/v2/", b"", "Host: other"), 400),
        (b"GET /v2/ HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        (b"GET /v2/ HTTP/1.1\r\nHost: h/path?x\r\n\r\n", 400),
        (b"GET /v2/ HTTP/1.1\r\n\r\n", 400),
        (b"GET  /v2/ HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        (b"GET /v2/ HTTP/9.9\r\nHost: h\r\n\r\n", 505),
        (b"GET /v2/ HTTP/1.1 x\r\nHost: h\r\n\r\n", 400),
        (request("GET", "/v2/", b"", "Transfer-Encoding: gzip"), 501),
        (request("GET", "/v2/", b"", "Transfer-Encoding: gzip, chunked"), 501),
        (request("GET", "/v2/", b"", "Expect: a miracle"), 417),
    ],
)
def test_a_head_that_cannot_be_taken_is_refused_and_the_connection_closed(
    registry: PracticeRegistry, folder: Path, data: bytes, status: int
) -> None:
    received = talk(registry, data + NEXT)
    assert statuses(received) == [status]
    assert b"Connection: close" in received
    is_well(registry, folder)


BODY = b"0\r\n\r\n"


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Content-Length: 5"),
        ("Content-Length: 5", "Content-Length: 0"),
        ("Content-Length: 0", "Content-Length: 5"),
        ("Content-Length: 5, 0",),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding:\x0bchunked",),
        ("Transfer-Encoding : chunked",),
        ("Content-Length: 5\r\n\tTransfer-Encoding: chunked",),
    ],
)
def test_a_body_of_doubtful_length_smuggles_nothing(
    registry: PracticeRegistry, folder: Path, lines: tuple[str, ...]
) -> None:
    received = talk(registry, request("POST", "/v2/a/blobs/uploads/", b"", *lines) + BODY + NEXT)
    found = statuses(received)
    assert len(found) == 1
    assert found[0] in (400, 501)
    assert b"Connection: close" in received
    is_well(registry, folder)


@pytest.mark.parametrize(
    "body",
    [
        b"5\nhello\n0\n\n",
        b"5\r\nhello0\r\n\r\n",
        b"+5\r\nhello\r\n0\r\n\r\n",
        b"0x5\r\nhello\r\n0\r\n\r\n",
        b"5 5\r\nhello\r\n0\r\n\r\n",
        b"-1\r\nhello\r\n0\r\n\r\n",
        b"ffffffffffffffffff\r\nhello\r\n0\r\n\r\n",
        b"5;\nhello\r\n0\r\n\r\n",
        b"\r\nhello\r\n0\r\n\r\n",
        b"5" + b";x" * 5000 + b"\r\nhello\r\n0\r\n\r\n",
        b"0\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
    ],
)
def test_bad_chunked_framing_is_400_and_ends_the_connection(
    registry: PracticeRegistry, folder: Path, body: bytes
) -> None:
    head = request("POST", f"/v2/a/blobs/uploads/?digest={HELLO}", b"", "Transfer-Encoding: chunked")
    received = talk(registry, head + body + NEXT)
    assert statuses(received) == [400]
    assert b"Connection: close" in received
    is_well(registry, folder)


def test_a_body_that_drips_and_stops_is_408_and_its_bytes_stay() -> None:
    with PracticeRegistry(idle_seconds=0.3) as registry:
        opened = talk(registry, request("POST", "/v2/a/blobs/uploads/"))
        place = re.findall(rb"Location: http://[^/]*(\S+)", opened)[0].decode()
        with socket.create_connection((registry.origin.host, registry.origin.port), timeout=60) as sock:
            sock.sendall(f"PATCH {place} HTTP/1.1\r\nHost: h\r\nContent-Length: 20\r\n\r\nhello".encode())
            received = b"".join(iter(lambda: sock.recv(65536), b""))
        assert statuses(received) == [408]
        assert b"Range: 0-4" in talk(registry, request("GET", place))


def test_many_silent_clients_do_not_keep_others_out(registry: PracticeRegistry, folder: Path) -> None:
    address = (registry.origin.host, registry.origin.port)
    silent = [socket.create_connection(address, timeout=60) for _ in range(60)]
    try:
        for sock in silent:
            sock.sendall(b"GET /v2/ HT")
        is_well(registry, folder)
    finally:
        for sock in silent:
            sock.close()
