"""What the server sends where an answer is to be wrong: raw bytes, a part of an answer, no 100."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.model import Headers, Slice
from explorer.wire.server import Incoming, Outgoing, Server
from tests.wire.test_server import connected, get, read_to_end, talk

FILE_BYTES = bytes(range(256)) * 2000


def test_raw_bytes_are_sent_as_they_stand_and_the_connection_is_closed() -> None:
    with Server(lambda _: Outgoing(200, raw=b"HTTP/1.1 429 Whatever\nA: b\n\nx")) as server:
        assert talk(server, get("/") * 2) == b"HTTP/1.1 429 Whatever\nA: b\n\nx"


@pytest.mark.parametrize("cut", [0, 5, 60, 10_000])
def test_an_answer_is_cut_off_after_so_many_bytes(cut: int) -> None:
    whole = Outgoing(200, Headers.of(("Date", "now")), b"0123456789")
    with Server(lambda _: whole) as server:
        complete = talk(server, get("/", "Connection: close"))
    with Server(lambda _: Outgoing(200, whole.headers, whole.body, cut=cut)) as server:
        assert talk(server, get("/", "Connection: close") * 2) == complete[:cut]


def test_a_file_is_cut_off_too(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(FILE_BYTES)
    answer = Outgoing(200, body=Slice(str(path), 10, 400_000), cut=300_000)
    with Server(lambda _: answer) as server:
        head, _, body = talk(server, get("/")).partition(b"\r\n\r\n")
    assert b"Content-Length: 400000" in head
    assert len(head) + 4 + len(body) == 300_000
    assert body == FILE_BYTES[10 : 10 + len(body)]


def test_a_100_can_be_withheld() -> None:
    def handle(incoming: Incoming) -> Outgoing:
        incoming.body.withhold_continue()
        return Outgoing(200, body=incoming.body.read_all(10))

    with Server(handle) as server, connected(server) as sock:
        sock.sendall(get("/", "Expect: 100-continue", "Content-Length: 2", "Connection: close", method="PUT") + b"hi")
        received = read_to_end(sock)
    assert received.startswith(b"HTTP/1.1 200")
    assert received.endswith(b"hi")
