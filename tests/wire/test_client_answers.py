"""What comes back is kept byte for byte, and read as it says of itself."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from explorer.model import Header, Headers, Unkept, sha256_of
from explorer.wire.client import Client
from explorer.wire.keeping import KEPT
from tests.wire.loopback import GET, OK, Loopback, Talk, answering, exchange, exchanges

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
HEAD_OF_HELLO = HELLO.removesuffix(b"hello")


def test_an_answer_is_its_status_reason_version_headers_and_body() -> None:
    raw = b"HTTP/1.1 404 Not  Found!\r\nx-Odd:1\r\nX-odd:  2 \r\nEmpty:\r\nContent-Length: 2\r\n\r\n{}"
    came, _ = exchange(GET, answering(raw))
    assert came.response is not None
    assert (came.response.status, came.response.reason, came.response.version) == (404, "Not  Found!", "HTTP/1.1")
    assert came.response.headers.rows == (
        Header("x-Odd", "1", ""),
        Header("X-odd", "2 ", "  "),
        Header("Empty", "", ""),
        Header("Content-Length", "2"),
    )
    assert (came.response.body, came.received_head) == (b"{}", raw[:-2])


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: v\r\n\r\n",
            b"abcde",
        ),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", b"ok"),
        (b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", b"ok"),
        (b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok", b"ok"),
        (b"HTTP/1.1 429 Too Many\nContent-Length: 4\n\nslow", b"slow"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8bx", b"\x1f\x8bx"),
        (b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", b""),
        (b"HTTP/1.1 200 caf\xe9\r\nX: \xff\r\nContent-Length: 1\r\n\r\n1", b"1"),
    ],
)
def test_a_body_is_framed_as_the_answer_says_and_not_decoded(raw: bytes, body: bytes) -> None:
    came, _ = exchange(GET, answering(raw))
    assert came.error is None
    assert came.response is not None
    assert came.response.body == body


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_an_answer_that_has_no_body_is_through_at_its_head(status: bytes) -> None:
    came, _ = exchanges(2, answering(*[b"HTTP/1.1 " + status + b"\r\nContent-Length: 5\r\n\r\n"] * 2))
    assert [one.response.body for one in came if one.response] == [b"", b""]


def test_the_answer_to_a_head_is_through_at_its_head() -> None:
    came, _ = exchange(replace(GET, method="HEAD"), answering(HEAD_OF_HELLO))
    assert came.error is None
    assert came.response is not None
    assert (came.response.headers.get("Content-Length"), came.response.body) == ("5", b"")


def test_announcements_are_kept_before_the_answer() -> None:
    before = b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"
    came, _ = exchange(GET, answering(before + HELLO))
    assert came.received_head == before + HEAD_OF_HELLO
    assert came.response is not None
    assert came.response.headers == Headers.of(("Content-Length", "5"))


def test_a_flood_of_announcements_is_a_failure_and_no_crash() -> None:
    came, _ = exchange(GET, answering(b"HTTP/1.1 100 Continue\r\nX: yyyyyyyyyyyyyyyy\r\n\r\n" * 5000 + HELLO))
    assert came.error is not None or came.response is not None


def test_a_switch_of_protocols_ends_the_talk() -> None:
    came, _ = exchange(GET, answering(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nbytes"))
    assert came.response is not None or came.error is not None


def test_an_answer_that_comes_byte_by_byte_is_whole() -> None:
    def talk(talk: Talk) -> None:
        talk.request()
        for byte in HELLO:
            talk.say(bytes([byte]))
        talk.end()

    came, _ = exchange(GET, talk)
    assert came.response is not None
    assert (came.response.body, came.received_head) == (b"hello", HEAD_OF_HELLO)


@pytest.mark.parametrize(("size", "kept"), [(KEPT, True), (KEPT + 1, False)])
def test_a_body_above_the_kept_size_is_kept_by_size_and_sha256(size: int, kept: bool) -> None:
    body = bytes(size)
    came, _ = exchange(GET, answering(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + body))
    assert came.response is not None
    assert came.response.body == (body if kept else Unkept(size, sha256_of(body), "the answer"))


def test_a_connection_is_used_again() -> None:
    came, received = exchanges(3, answering(OK, OK, OK))
    assert received == [GET.head() * 3]
    assert [one.connection.reused for one in came] == [False, True, True]
    assert [one.timings.connected is None for one in came] == [False, True, True]


def test_a_connection_names_both_its_ends() -> None:
    came, _ = exchange(GET, answering(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"))
    assert came.connection.local.startswith("127.0.0.1:")
    assert came.connection.peer.startswith("127.0.0.1:")


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        OK + b"more than it said",
        OK + b"\r\n",
        b"HTTP/1.1 204 Fine\r\n\r\nno body belongs here",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\nand more",
        OK + OK,
    ],
)
def test_a_connection_with_an_end_or_leftovers_is_not_used_again(raw: bytes) -> None:
    def talk(talk: Talk) -> None:
        talk.request()
        talk.say(raw)
        talk.wait()

    came, received = exchanges(2, talk, answering(OK))
    assert received == [GET.head(), GET.head()]
    assert [one.error for one in came] == [None, None]
    assert not came[1].connection.reused


def test_a_false_length_ends_the_connection() -> None:
    false = replace(GET, headers=GET.headers.set("Content-Length", "3"), body=b"12345")
    with Loopback(answering(OK, body=5), answering(OK)) as server, closing(Client()) as client:
        came = [client.send(replace(request, origin=server.origin)) for request in (false, GET)]
    assert server.received == [false.head() + b"12345", GET.head()]
    assert not came[1].connection.reused


def test_timings_go_forward() -> None:
    took = exchange(GET, answering(HELLO))[0].timings
    moments = [0.0, took.connected, took.sent, took.first_byte, took.finished]
    assert moments == sorted(moment for moment in moments if moment is not None)
    assert took.started > 1_700_000_000
