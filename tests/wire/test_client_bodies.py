"""Bodies of files go out in constant memory, exactly the part that was asked for."""

from __future__ import annotations

import hashlib
import os
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.errors import FormatError, InputError
from explorer.model import Headers, Origin, Request, Slice, Unkept, sha256_of
from explorer.wire.client import Client
from explorer.wire.outgoing import BLOCK
from tests.wire.loopback import PATIENCE, Loopback, Talk, answering, exchange

MIB = 1024 * 1024
CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
HERE = Origin("http", "127.0.0.1", 1)


def put(body: Slice | bytes | Unkept) -> Request:
    size = body.length if isinstance(body, Slice) else 5
    return Request("PUT", HERE, "/u", Headers.of(("Host", "h"), ("Content-Length", str(size))), body)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "layer.tar"
    path.write_bytes(bytes(range(256)) * 4096)
    return path


@pytest.mark.parametrize(
    ("offset", "length"), [(0, MIB), (1, 5), (512, BLOCK), (512, BLOCK + 1), (MIB - 1, 1), (MIB, 0), (7, 0)]
)
def test_a_slice_is_exactly_its_part_of_the_file(file: Path, offset: int, length: int) -> None:
    request = put(Slice(str(file), offset, length))
    came, got = exchange(request, answering(CREATED, body=length))
    part = file.read_bytes()[offset : offset + length]
    assert got == request.head() + part
    assert (came.sent_size, came.sent_sha256) == (length, sha256_of(part))


def hashing(seen: list[str], size: int) -> Callable[[Talk], None]:
    def talk(talk: Talk) -> None:
        end = talk.until(b"\r\n\r\n")
        digest = hashlib.sha256(talk.got[end:])
        left = size - len(talk.got) + end
        buffer = bytearray(MIB)
        while left:
            count = talk.socket.recv_into(buffer)
            digest.update(memoryview(buffer)[:count])
            left -= count
        seen.append(digest.hexdigest())
        talk.say(CREATED)
        talk.end()

    return talk


def test_a_big_body_goes_through_in_constant_memory(tmp_path: Path) -> None:
    size = 200 * MIB
    path = tmp_path / "big"
    with path.open("wb") as big:
        for number in range(200):
            big.write(bytes([number]) * MIB)
    seen: list[str] = []
    tracemalloc.start()
    with Loopback(hashing(seen, size)) as server, closing(Client()) as client:
        came = client.send(replace(put(Slice(str(path), 0, size)), origin=server.origin))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (came.error, came.sent_size, [came.sent_sha256]) == (None, size, seen)
    assert most < 8 * MIB


def test_a_big_answer_comes_through_in_constant_memory() -> None:
    def talk(talk: Talk) -> None:
        talk.request()
        talk.say(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (64 * MIB))
        for _ in range(64):
            talk.say(bytes(MIB))
        talk.end()

    tracemalloc.start()
    came, _ = exchange(replace(put(b""), method="GET", headers=Headers()), talk)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert came.response is not None
    assert isinstance(came.response.body, Unkept)
    assert came.response.body.size == 64 * MIB
    assert most < 16 * MIB


@pytest.mark.parametrize(
    ("path", "words"),
    [("gone", "No such file"), (".", "Is a directory"), ("layer\0tar", "no file can have that name")],
)
def test_a_body_that_cannot_be_read_is_a_sentence_before_anything_is_sent(
    tmp_path: Path, path: str, words: str
) -> None:
    with Loopback(answering(CREATED)) as server, closing(Client()) as client, pytest.raises(FormatError, match=words):
        client.send(replace(put(Slice(str(tmp_path / path), 0, 1)), origin=server.origin))
    assert server.received == []


def test_a_file_that_became_shorter_is_found_before_anything_is_sent(file: Path) -> None:
    os.truncate(file, 100)
    with Loopback(answering(CREATED)) as server, closing(Client()) as client, pytest.raises(FormatError, match="100"):
        client.send(replace(put(Slice(str(file), 0, MIB)), origin=server.origin))
    assert server.received == []


def test_a_file_that_becomes_shorter_on_the_way_is_named(file: Path) -> None:
    request = put(Slice(str(file), 0, MIB))
    with Loopback(answering(CREATED, body=MIB)) as server, closing(Client()) as client:
        came = client.send(replace(request, origin=server.origin), lambda *_: os.truncate(file, BLOCK))
    assert came.error is not None
    assert came.error.kind == "unsendable"
    assert f"{file} became shorter" in came.error.sentence
    assert came.sent_size == BLOCK


def test_a_body_that_was_not_kept_cannot_be_sent() -> None:
    with closing(Client()) as client, pytest.raises(InputError, match="not kept"):
        client.send(put(Unkept(5, "ab")))


@pytest.mark.timeout(PATIENCE * 3)
def test_files_are_closed_after_sending(file: Path) -> None:
    with Loopback(answering(CREATED, body=5)) as server, closing(Client()) as client:
        client.send(replace(put(Slice(str(file), 0, 5)), origin=server.origin))
        opened = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert file not in opened
