from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.errors import InputError
from explorer.model import Headers, Slice, sha256_of
from explorer.wire.server import BodyBroken, BodyReader, BodyTooLong, Incoming, Outgoing, Server
from explorer.wire.server_body import Input


def echo(incoming: Incoming) -> Outgoing:
    """Tell what came; `/ignore` does not read the body, `/bug` fails."""
    if incoming.target == "/bug":
        raise KeyError("oops")
    if incoming.target == "/ignore":
        return Outgoing(200, body=b"ignored")
    if incoming.target == "/short":
        return Outgoing(200, body=incoming.body.read_all(10))
    body = b"".join(bytes(block) for block in incoming.body.chunks())
    return Outgoing(200, Headers.of(("x-Case", incoming.host)), f"{incoming.method} {len(body)} ".encode() + body[:50])


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(echo, idle_seconds=5) as running:
        yield running


@contextmanager
def connected(server: Server) -> Iterator[socket.socket]:
    with socket.create_connection((server.address.host, server.address.port), timeout=10) as sock:
        yield sock


def read_to_end(sock: socket.socket) -> bytes:
    received = bytearray()
    try:
        while block := sock.recv(65536):
            received += block
    except ConnectionResetError:
        pass
    return bytes(received)


def talk(server: Server, data: bytes) -> bytes:
    with connected(server) as sock:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        return read_to_end(sock)


def get(target: str, *lines: str, version: str = "1.1", method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {target} HTTP/{version}", "Host: h", *lines, "", ""]).encode("latin-1")


def bodies(received: bytes) -> list[bytes]:
    """Return the bodies of answers that follow each other, each with its Content-Length."""
    found = []
    while received:
        head, _, received = received.partition(b"\r\n\r\n")
        length = int(re.findall(rb"Content-Length: (\d+)", head)[0])
        found.append(received[:length])
        received = received[length:]
    return found


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    first = get("/", "Content-Length: 3", method="POST") + b"one"
    second = get("/", "Transfer-Encoding: chunked", method="PUT") + b"3\r\ntwo\r\n0\r\n\r\n"
    assert bodies(talk(server, first + second + get("/"))) == [b"POST 3 one", b"PUT 3 two", b"GET 0 "]


def test_headers_are_handed_over_and_sent_as_they_stand() -> None:
    seen: list[Incoming] = []

    def handler(incoming: Incoming) -> Outgoing:
        seen.append(incoming)
        return Outgoing(299, Headers.of(("x-lower", "1"), ("X-Two", "a"), ("X-Two", "b")), b"", "Very Well")

    with Server(handler) as server:
        received = talk(server, get("/a%20b?x=1&x=2", "x-ODD:  v ", "Dup: 1", "dup:2"))
    assert received.startswith(b"HTTP/1.1 299 Very Well\r\nx-lower: 1\r\nX-Two: a\r\nX-Two: b\r\nDate: ")
    assert seen[0].target == "/a%20b?x=1&x=2"
    assert [tuple(row) for row in seen[0].headers][1:] == [("x-ODD", "v", "  "), ("Dup", "1", " "), ("dup", "2", "")]


def test_head_is_answered_without_a_body_but_with_its_length(server: Server) -> None:
    received = talk(server, get("/", method="HEAD"))
    assert b"Content-Length: 7\r\n" in received
    assert received.endswith(b"\r\n\r\n")


def test_http_1_0_is_closed_unless_it_asks(server: Server) -> None:
    received = talk(server, get("/", version="1.0") + get("/"))
    assert received.count(b"HTTP/1.1 200") == 1
    kept = talk(server, get("/", "Connection: keep-alive", version="1.0") + get("/", version="1.0"))
    assert kept.count(b"HTTP/1.1 200") == 2
    assert b"Connection: keep-alive" in kept


def test_connection_close_is_heeded(server: Server) -> None:
    assert talk(server, get("/", "Connection: Close") + get("/")).count(b"HTTP/1.1 200") == 1


def test_100_is_sent_when_the_body_is_read(server: Server) -> None:
    with connected(server) as sock:
        sock.sendall(get("/", "Content-Length: 2", "Expect: 100-continue", method="PUT"))
        assert sock.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"hi")
        assert sock.recv(1000).endswith(b"PUT 2 hi")


def test_a_handler_that_does_not_read_sends_no_100(server: Server) -> None:
    with connected(server) as sock:
        sock.sendall(get("/ignore", "Content-Length: 2", "Expect: 100-continue", method="PUT"))
        received = read_to_end(sock)
    assert received.startswith(b"HTTP/1.1 200")
    assert b"Connection: close" in received


def test_a_small_unread_body_is_drained(server: Server) -> None:
    first = get("/ignore", "Content-Length: 5000", method="PUT") + b"x" * 5000
    assert bodies(talk(server, first + get("/"))) == [b"ignored", b"GET 0 "]


def test_a_large_unread_body_closes_but_the_answer_arrives(server: Server) -> None:
    with connected(server) as sock:
        sock.sendall(get("/ignore", f"Content-Length: {10**9}", method="PUT") + b"x" * 100_000)
        received = read_to_end(sock)
    assert received.endswith(b"ignored")
    assert b"Connection: close" in received


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505),
        (get("/", "Content-Length: 1", "Transfer-Encoding: chunked"), 400),
        (get("/", "Content-Length: 1", "Content-Length: 2"), 400),
        (get("/", "Content-Length: -1"), 400),
        (get("/", "Transfer-Encoding: gzip"), 501),
        (get("/", "Expect: miracles"), 417),
        (get("/", "Bad Name: x"), 400),
        (get("/", "Folded: x", " y"), 400),
        (get("/", "Long: " + "x" * 70_000), 431),
        (get("/", *(f"H{number}: x" for number in range(200))), 431),
        (b"GET / HTT", 400),
    ],
)
def test_a_bad_head_is_refused_in_a_sentence(server: Server, request_bytes: bytes, status: int) -> None:
    received = talk(server, request_bytes + get("/"))
    assert received.startswith(f"HTTP/1.1 {status} ".encode())
    assert received.count(b"\r\n\r\n") == 1
    assert received.endswith(b".\n")


def test_a_bug_is_a_500_and_the_server_lives_on(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    received = talk(server, get("/bug") + get("/"))
    assert received.startswith(b"HTTP/1.1 500")
    assert bodies(received)[0].startswith(b'{"errors":') or b'"UNKNOWN"' in bodies(received)[0]
    assert bodies(received)[1] == b"GET 0 "
    assert capfd.readouterr().err == ""


def test_a_client_that_goes_away_raises_a_typed_error() -> None:
    raised: list[BodyBroken] = []

    def handler(incoming: Incoming) -> Outgoing:
        try:
            incoming.body.read_all(100)
        except BodyBroken as broken:
            raised.append(broken)
            raise
        return Outgoing(200)

    with Server(handler) as server:
        assert talk(server, get("/", "Content-Length: 20", method="PUT") + b"ten bytes!") == b""
    assert raised[0].kind == "closed"
    assert "10 bytes" in raised[0].sentence


def test_a_body_that_stalls_times_out() -> None:
    with Server(echo, idle_seconds=0.2) as server, connected(server) as sock:
        sock.sendall(get("/", "Content-Length: 20", method="PUT"))
        received = read_to_end(sock)
    assert received.startswith(b"HTTP/1.1 408 ")
    assert b"Connection: close" in received


def test_a_head_that_drips_has_to_be_whole_in_time() -> None:
    with Server(echo, idle_seconds=0.3) as server, connected(server) as sock:
        sock.settimeout(0.02)
        received = b""
        for letter in iter(b"GET / HTTP/1.1\r\nHost: h\r\n" + b"X" * 10_000):
            try:
                sock.sendall(bytes([letter]))
                received = sock.recv(65536)
                break
            except TimeoutError:
                continue
    assert received.startswith(b"HTTP/1.1 408 ")


def test_an_idle_connection_is_closed() -> None:
    with Server(echo, idle_seconds=0.2) as server, connected(server) as sock:
        assert read_to_end(sock) == b""


def test_a_head_that_stalls_is_told_so() -> None:
    with Server(echo, idle_seconds=0.2) as server, connected(server) as sock:
        sock.sendall(b"GET / HT")
        assert read_to_end(sock).startswith(b"HTTP/1.1 408")


def test_a_head_of_200_lines_and_64_kib_is_taken(server: Server) -> None:
    lines = [f"H{number}: {'x' * 300}" for number in range(198)]
    assert talk(server, get("/", *lines, "Connection: close")).startswith(b"HTTP/1.1 200")


def test_trailers_without_end_are_refused(server: Server) -> None:
    chunks = b"0\r\n" + b"Trailer: x\r\n" * 6000
    assert talk(server, get("/", "Transfer-Encoding: chunked", method="PUT") + chunks).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("length", ["+5", "5 5", "0x5", "5, 6"])
def test_a_length_that_is_no_number_is_refused(server: Server, length: str) -> None:
    assert talk(server, get("/", f"Content-Length: {length}")).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "chunks", [b"zz\r\n", b"x" * 5000, b"5\r\nhelloX\r\n0\r\n\r\n", b"5\nhello\r\n0\r\n\r\n", b"f" * 5000 + b"\r\n"]
)
def test_bad_chunks_are_refused(server: Server, chunks: bytes) -> None:
    assert talk(server, get("/", "Transfer-Encoding: chunked", method="PUT") + chunks).startswith(b"HTTP/1.1 400")


def test_a_body_longer_than_the_cap_is_a_413(server: Server) -> None:
    assert talk(server, get("/short", "Content-Length: 11", method="PUT") + b"x" * 11).startswith(b"HTTP/1.1 413")
    chunked = get("/short", "Transfer-Encoding: chunked", method="PUT") + b"b\r\nxxxxxxxxxxx\r\n0\r\n\r\n"
    assert talk(server, chunked).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(("offset", "length"), [(0, 300_000), (5, 10), (300_000, 0)])
def test_a_slice_is_sent_from_its_file(tmp_path: Path, offset: int, length: int) -> None:
    data = bytes(range(250)) * 1200
    (tmp_path / "data").write_bytes(data)
    with Server(lambda _: Outgoing(200, body=Slice(str(tmp_path / "data"), offset, length))) as server:
        assert bodies(talk(server, get("/") + get("/"))) == [data[offset : offset + length]] * 2


def test_a_slice_of_a_lost_file_is_a_500(tmp_path: Path) -> None:
    with Server(lambda _: Outgoing(200, body=Slice(str(tmp_path / "none"), 0, 5))) as server:
        assert talk(server, get("/")).startswith(b"HTTP/1.1 500")


def test_a_slice_that_is_shorter_than_promised_closes(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"abc")
    with Server(lambda _: Outgoing(200, body=Slice(str(tmp_path / "data"), 0, 10))) as server:
        assert talk(server, get("/") + get("/")).endswith(b"Content-Length: 10\r\n\r\nabc")


def test_pieces_are_sent_as_they_stand() -> None:
    chunked = Headers.of(("Transfer-Encoding", "chunked"))
    with Server(lambda _: Outgoing(200, chunked, iter([b"3\r\nabc\r\n", b"0\r\n\r\n"]))) as server:
        received = talk(server, get("/") + get("/"))
    assert received.count(b"\r\n\r\n3\r\nabc\r\n0\r\n\r\n") == 2


def test_pieces_without_a_frame_end_with_the_connection() -> None:
    with Server(lambda _: Outgoing(200, body=iter([b"abc"]))) as server:
        received = talk(server, get("/") + get("/"))
    assert received.endswith(b"Connection: close\r\n\r\nabc")


def test_pieces_that_fail_close_the_connection(capfd: pytest.CaptureFixture[str]) -> None:
    def failing() -> Iterator[bytes]:
        yield b"ab"
        raise KeyError("oops")

    with Server(lambda _: Outgoing(200, Headers.of(("Content-Length", "5")), failing())) as server:
        assert talk(server, get("/") + get("/")).endswith(b"\r\n\r\nab")
    assert capfd.readouterr().err == ""


def test_a_header_with_a_line_end_is_a_bug() -> None:
    with Server(lambda _: Outgoing(200, Headers.of(("X", "a\r\nY: b")))) as server:
        assert talk(server, get("/")).startswith(b"HTTP/1.1 500")


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_that_has_no_body_has_no_length(status: int) -> None:
    with Server(lambda _: Outgoing(status)) as server:
        assert b"Content-Length" not in talk(server, get("/"))


def test_the_host_is_what_the_client_named(server: Server) -> None:
    assert b"x-Case: other:1\r\n" in talk(server, get("http://other:1/v2/"))
    assert b"x-Case: h\r\n" in talk(server, get("/"))
    local = f"x-Case: {server.address.authority}\r\n".encode()
    assert local in talk(server, b"GET / HTTP/1.0\r\n\r\n")


def test_ipv6_is_served() -> None:
    with Server(echo, host="::1") as server:
        assert str(server.address).startswith("http://[::1]:")
        assert talk(server, get("/")).endswith(b"GET 0 ")


def test_the_address_stays_known_after_the_end() -> None:
    server = Server(lambda _: Outgoing(200))
    server.start()
    address = server.address
    server.stop()
    assert server.address == address
    assert address.port > 0


def test_stop_ends_connections_and_threads() -> None:
    before = threading.active_count()
    server = Server(echo)
    server.start()
    with connected(server) as sock:
        sock.sendall(get("/"))
        sock.recv(1000)
        started = time.monotonic()
        server.stop()
        assert read_to_end(sock) == b""
    assert time.monotonic() - started < 3
    assert threading.active_count() == before


def send_until_it_fails(sock: socket.socket) -> None:
    with pytest.raises(OSError):  # noqa: PT011 - a reset or a broken pipe
        sock.sendall(bytes(50_000_000))


def test_stop_ends_a_client_that_is_sending() -> None:
    begun = threading.Event()

    def slow(incoming: Incoming) -> Outgoing:
        for _ in incoming.body.chunks():
            begun.set()
            time.sleep(0.02)
        return Outgoing(200)

    with Server(slow) as server, connected(server) as sock:
        sock.sendall(get("/", f"Content-Length: {10**9}", method="PUT"))
        sender = threading.Thread(target=send_until_it_fails, args=(sock,))
        sender.start()
        begun.wait(5)
        time.sleep(0.1)
        server.stop()
        sender.join(5)
        assert not sender.is_alive()


def test_a_host_that_is_none_is_a_sentence() -> None:
    with pytest.raises(InputError, match=r"'127\.0\.0\.1:5001' is no address of this machine to listen on"):
        Server(lambda _: Outgoing(200), "127.0.0.1:5001").start()


def test_a_port_in_use_is_a_sentence(server: Server) -> None:
    with pytest.raises(InputError, match="Choose another port"):
        Server(echo, port=server.address.port).start()


def test_read_all_of_bytes_that_are_there() -> None:
    assert BodyReader.of(b"hello").read_all(5) == b"hello"
    with pytest.raises(BodyTooLong):
        BodyReader.of(b"hello").read_all(4)


def receiving(pieces: list[bytes], size: int = 6000) -> Input:
    """Return an input with a small buffer that receives these pieces, one at a time where they fit."""
    waiting = [piece for piece in pieces if piece]

    def receive(into: memoryview) -> int:
        if not waiting:
            return 0
        count = min(len(into), len(waiting[0]))
        into[:count] = waiting[0][:count]
        waiting[0] = waiting[0][count:]
        if not waiting[0]:
            waiting.pop(0)
        return count

    return Input(receive, size)


@st.composite
def framed(draw: st.DrawFn) -> tuple[bytes, bytes]:
    chunks = draw(st.lists(st.binary(min_size=1, max_size=9000), max_size=6))
    wire = bytearray()
    for chunk in chunks:
        size = f"{len(chunk):x}".zfill(draw(st.integers(1, 8)))
        size = size.upper() if draw(st.booleans()) else size
        wire += size.encode() + draw(st.sampled_from([b"", b" ", b";a=b", b" ;x"])) + b"\r\n" + chunk + b"\r\n"
    wire += b"0\r\n" + draw(st.sampled_from([b"", b"Trailer: x\r\n"])) + b"\r\n"
    return b"".join(chunks), bytes(wire)


@given(framed(), st.lists(st.integers(1, 5000), max_size=20), st.binary(max_size=20), st.integers(40, 6000))
def test_any_chunked_framing_decodes(case: tuple[bytes, bytes], cuts: list[int], rest: bytes, size: int) -> None:
    expected, wire = case
    whole = wire + rest
    pieces = []
    for cut in cuts:
        pieces.append(whole[:cut])
        whole = whole[cut:]
    source = receiving([*pieces, whole], size)
    body = BodyReader(source, None)
    assert sha256_of(b"".join(bytes(block) for block in body.chunks())) == sha256_of(expected)
    assert body.is_read
    left = bytearray(source.take(len(source)))
    while source.fill():
        left += source.take(len(source))
    assert left == rest


@given(st.binary(max_size=400))
def test_no_bytes_make_the_chunk_decoder_fail_otherwise(wire: bytes) -> None:
    body = BodyReader(receiving([wire]), None)
    try:
        body.read_all(1000)
    except BodyBroken:
        assert body.is_broken


_PARTS = st.sampled_from(
    [
        b"GET / HTTP/1.1\r\n",
        b"PUT /ignore HTTP/1.1\r\n",
        b"Host: h\r\n",
        b"\r\n",
        b"\n",
        b"Content-Length: 5\r\n",
        b"hello",
        b"Transfer-Encoding: chunked\r\n",
        b"5\r\nhello\r\n",
        b"0\r\n\r\n",
        b"Expect: 100-continue\r\n",
        b"\0",
        b" ",
        b"\r",
    ]
)


@settings(max_examples=60, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=600), st.lists(_PARTS, max_size=14).map(b"".join)))
def test_random_bytes_neither_hang_nor_kill_the_server(server: Server, data: bytes) -> None:
    talk(server, data)
    assert talk(server, get("/")).endswith(b"GET 0 ")
