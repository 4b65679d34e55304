"""What goes out is what is written, byte for byte."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from explorer.model import Body, Header, Headers, Request, sha256_of
from explorer.wire.client import Client
from tests.wire.loopback import GET, NOWHERE, OK, Loopback, Talk, answering, exchange

CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


def put(*headers: tuple[str, str], body: Body = b"12345", target: str = "/u") -> Request:
    return Request("PUT", NOWHERE, target, Headers.of(("Host", "h"), *headers), body)


@pytest.mark.parametrize(
    "headers",
    [
        Headers.of(("A", "1"), ("Host", "registry.test"), ("B", "2")),
        Headers.of(("A", "1")),
        Headers(),
        Headers.of(("Host", "one.test"), ("host", "two.test")),
        Headers.of(("hOsT", "odd"), ("x-CASE", "Kept"), ("X-Case", "again")),
        Headers((Header("Host", "close", ""), Header("Tab", "x", "\t"), Header("Many", "y", "   "))),
        Headers.of(("Host", "h"), ("Empty", ""), ("Trailing", "blank  "), ("Odd Name", "x"), ("B@d", "y")),
        Headers.of(("Host", "h"), ("Utf", "caf\xc3\xa9"), ("Latin", "caf\xe9"), ("Ctl", "\x01\x7f")),
        Headers.of(("Host", "h"), ("User-Agent", ""), ("Accept", "*/*"), ("Connection", "close")),
    ],
)
def test_header_lines_go_out_as_written(headers: Headers) -> None:
    request = replace(GET, headers=headers)
    came, got = exchange(request, answering(OK))
    assert got == request.head() == came.sent_head
    assert came.response is not None


@pytest.mark.parametrize(
    "target",
    [
        "/v2/t/r/blobs/uploads/4f?_state=a%3D%3D?digest=sha256:ab",
        "/v2//t/./../r/",
        "/u?a=b&&c==&%zz=%2f",
        "/with a blank",
        "/caf\xc3\xa9/\xe9\xff",
        "/u#fragment",
        "*",
        "http://elsewhere.test/v2/",
        "no-slash",
        "//registry.test/x",
        '/\x01\x7f"<>\\^`{|}',
    ],
)
def test_a_target_goes_out_as_typed(target: str) -> None:
    request = replace(GET, target=target)
    came, got = exchange(request, answering(OK))
    assert got.partition(b"\r\n")[0] == b"GET " + target.encode("latin-1") + b" HTTP/1.1"
    assert came.error is None


def test_a_second_question_mark_goes_out_as_typed() -> None:
    _, got = exchange(replace(GET, target="/u?_state=x?digest=d"), answering(OK))
    assert got.startswith(b"GET /u?_state=x?digest=d HTTP/1.1\r\n")


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "OPTIONS", "get", "BREW", "M-SEARCH", "X\xe9", "(odd)"])
def test_a_method_goes_out_as_typed(method: str) -> None:
    came, got = exchange(replace(GET, method=method), answering(OK))
    assert got.startswith(method.encode("latin-1") + b" /v2/ ")
    assert came.response is not None


@pytest.mark.parametrize(
    "headers",
    [
        (("Content-Length", "5"),),
        (("content-length", "5"), ("Content-Type", "x")),
        (),
        (("Content-Length", "3"),),
        (("Content-Length", "9"),),
        (("Content-Length", "5"), ("Content-Length", "5")),
        (("Content-Length", "5"), ("Content-Length", "6")),
        (("Content-Length", "five"),),
        (("Transfer-Encoding", "gzip"),),
    ],
)
def test_a_body_goes_out_whole_whatever_its_head_says(headers: tuple[tuple[str, str], ...]) -> None:
    request = put(*headers)
    came, got = exchange(request, answering(CREATED, body=5))
    assert got == request.head() + b"12345"
    assert (came.sent_size, came.sent_sha256) == (5, sha256_of(b"12345"))
    assert came.response is not None
    assert came.response.status == 201


@pytest.mark.parametrize("extra", [(), (("Content-Length", "5"),)])
def test_a_chunked_body_goes_out_in_chunks(extra: tuple[tuple[str, str], ...]) -> None:
    def talk(talk: Talk) -> None:
        talk.until(b"0\r\n\r\n")
        talk.say(CREATED)
        talk.end()

    request = put(("Transfer-Encoding", "chunked"), *extra)
    came, got = exchange(request, talk)
    assert got == request.head() + b"5\r\n12345\r\n0\r\n\r\n"
    assert came.sent_size == 5


def test_an_empty_chunked_body_is_the_last_chunk_alone() -> None:
    def talk(talk: Talk) -> None:
        talk.until(b"0\r\n\r\n")
        talk.say(CREATED)
        talk.end()

    request = put(("Transfer-Encoding", "chunked"), body=b"")
    assert exchange(request, talk)[1] == request.head() + b"0\r\n\r\n"


@pytest.mark.parametrize("headers", [(), (("Content-Length", "0"),), (("Content-Length", "7"),)])
def test_a_request_without_a_body_is_its_head_alone(headers: tuple[tuple[str, str], ...]) -> None:
    request = put(*headers, body=b"")
    came, got = exchange(request, answering(CREATED))
    assert (got, came.sent_size) == (request.head(), 0)


def test_a_small_body_leaves_with_its_head() -> None:
    def talk(talk: Talk) -> None:
        assert talk.read().endswith(b"\r\n\r\n12345")
        talk.say(CREATED)
        talk.end()

    came, _ = exchange(put(("Content-Length", "5")), talk)
    assert came.error is None


def test_a_get_with_a_body_sends_it() -> None:
    request = replace(put(("Content-Length", "5")), method="GET")
    assert exchange(request, answering(OK, body=5))[1] == request.head() + b"12345"


def test_an_expected_100_brings_the_body() -> None:
    def talk(talk: Talk) -> None:
        talk.request()
        assert not talk.got.endswith(b"12345")
        talk.say(b"HTTP/1.1 100 Continue\r\n\r\n")
        talk.until(b"12345")
        talk.say(CREATED)
        talk.end()

    request = put(("Expect", "100-continue"), ("Content-Length", "5"))
    came, got = exchange(request, talk)
    assert got == request.head() + b"12345"
    assert came.received_head == b"HTTP/1.1 100 Continue\r\n\r\n" + CREATED
    assert (came.sent_size, came.error) == (5, None)


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 102 Processing\r\n\r\n"])
def test_a_refusal_instead_of_a_100_keeps_the_body_back(before: bytes) -> None:
    def talk(talk: Talk) -> None:
        talk.request()
        talk.say(before + b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        talk.end()

    request = put(("Expect", "100-continue"), ("Content-Length", "5"))
    came, got = exchange(request, talk)
    assert got == request.head()
    assert came.response is not None
    assert (came.response.status, came.sent_size, came.error) == (413, 0, None)


def test_without_a_100_the_body_goes_out_after_a_while() -> None:
    came, got = exchange(put(("Expect", "100-continue"), ("Content-Length", "5")), answering(CREATED, body=5))
    assert got.endswith(b"12345")
    assert came.error is None


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"])
def test_an_early_refusal_ends_a_big_body(before: bytes) -> None:
    def talk(talk: Talk) -> None:
        talk.until(b"\r\n\r\n")
        talk.say(before + b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone")
        talk.end()

    body = bytes(64 * 1024 * 1024)
    came, _ = exchange(put(("Content-Length", str(len(body))), body=body), talk)
    assert came.response is not None
    assert (came.response.status, came.response.body, came.error) == (404, b"gone", None)
    assert came.sent_size < len(body)


def test_progress_ends_with_the_whole_body() -> None:
    told: list[tuple[int, int]] = []
    body = bytes(600_000)
    with Loopback(answering(CREATED, body=len(body))) as server, closing(Client()) as client:
        client.send(replace(put(body=body), origin=server.origin), lambda done, total: told.append((done, total)))
    assert told == [(262_144, 600_000), (524_288, 600_000), (600_000, 600_000)]
