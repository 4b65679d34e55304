"""What was not touched goes back as the very bytes it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.editing import head_lines, with_body, with_head, with_origin
from explorer.errors import InputError
from explorer.model import Header, Headers, Origin, Request, Slice
from tests.scripted import ORIGIN
from tests.strategies import requests

REQUEST = Request(
    "PUT",
    ORIGIN,
    "/u?_state=a%3D&digest=d",
    Headers.of(("Host", "h"), ("X-Raw", "\xff"), ("X-Raw", "\\xff"), ("Content-Length", "5")),
    b"12345",
)


@given(requests)
def test_a_head_that_nobody_touched_is_the_same_request(request_: Request) -> None:
    assert with_head(request_, head_lines(request_)) == request_


@given(requests, st.integers(1, 4))
def test_empty_lines_at_the_end_are_passed_over(request_: Request, count: int) -> None:
    assert with_head(request_, [*head_lines(request_), *[" "] * count]) == request_


def test_lines_that_read_alike_keep_their_own_bytes() -> None:
    lines = head_lines(REQUEST)
    assert lines[2] == lines[3] == "X-Raw: \\xff"
    assert with_head(REQUEST, lines).headers.all("X-Raw") == ("\xff", "\\xff")


def test_lines_in_another_order_keep_their_bytes() -> None:
    first, *rest = head_lines(REQUEST)
    assert sorted(with_head(REQUEST, [first, *reversed(rest)]).headers) == sorted(REQUEST.headers)


def test_a_line_written_twice_is_sent_twice() -> None:
    lines = head_lines(REQUEST)
    assert with_head(REQUEST, [*lines, lines[1]]).headers.all("Host") == ("h", "h")


def test_an_edited_request_line_is_method_and_target_as_typed() -> None:
    lines = head_lines(REQUEST)
    edited = with_head(REQUEST, ["PUT /u?_state=a%3D?digest=d e HTTP/1.1", *lines[1:]])
    assert (edited.method, edited.target, edited.headers) == ("PUT", "/u?_state=a%3D?digest=d e", REQUEST.headers)


def test_a_new_method_leaves_the_targets_bytes() -> None:
    raw = Request("PUT", ORIGIN, "/\xff\xe9")
    edited = with_head(raw, [line.replace("PUT", "POST") for line in head_lines(raw)])
    assert (edited.method, edited.target) == ("POST", "/\xff\xe9")


def test_typed_text_goes_out_as_utf8() -> None:
    edited = with_head(REQUEST, ["GET /café HTTP/1.1", "X: →"])
    assert edited.head() == "GET /café HTTP/1.1\r\nX: →\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("line", "header"),
    [
        ("A: b", Header("A", "b")),
        ("A:b", Header("A", "b", "")),
        ("A: \t b ", Header("A", "b ", " \t ")),
        ("A:", Header("A", "", "")),
        ("A b: c: d", Header("A b", "c: d")),
    ],
)
def test_a_typed_header_is_kept_with_its_blanks(line: str, header: Header) -> None:
    assert with_head(REQUEST, ["GET / HTTP/1.1", line]).headers.rows == (header,)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "no request line"),
        (["", " "], "no request line"),
        (["GET /"], "Line 1, 'GET /'"),
        (["GET / HTTP/1.0"], "HTTP/1.0"),
        (["GET / HTTP/1.1", "no colon"], "Line 2, 'no colon'"),
        (["GET / HTTP/1.1", "A: b", "Digest = x"], "Line 3.*'='"),
        (["GET / HTTP/1.1", ": b"], "no name"),
        (["GET / HTTP/1.1", "", "A: b"], "Line 2"),
    ],
)
def test_a_line_that_cannot_be_sent_is_named(lines: list[str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        with_head(REQUEST, lines)


def test_a_credential_is_shown_masked_and_sent_as_it_is() -> None:
    request = Request("GET", ORIGIN, "/", Headers.of(("Authorization", "Bearer secret"), ("authorization", "Basic x")))
    assert "secret" not in "".join(head_lines(request))
    assert with_head(request, head_lines(request)) == request


@pytest.mark.parametrize(("body", "length"), [(b"", "0"), (b"123", "3"), (Slice("/f", 0, 99), "99")])
def test_a_true_content_length_follows_the_body(body: bytes | Slice, length: str) -> None:
    edited = with_body(REQUEST, body)
    assert (edited.body, edited.headers.all("Content-Length")) == (body, (length,))


@pytest.mark.parametrize("declared", [(), ("7",), ("5", "5"), ("5 ",)])
def test_a_content_length_that_was_false_or_absent_stays(declared: tuple[str, ...]) -> None:
    request = Request("PUT", ORIGIN, "/", Headers.of(*(("Content-Length", value) for value in declared)), b"12345")
    assert with_body(request, b"123").headers == request.headers


def test_another_origin_leaves_the_host_header() -> None:
    edited = with_origin(REQUEST, " HTTPS://[::1]:5001/ ")
    assert (edited.origin, edited.headers) == (Origin("https", "::1", 5001), REQUEST.headers)


@pytest.mark.parametrize(
    "text", ["", "registry.test", "ftp://a", "http://", "http://a/path", "http://a b", "http://u:p@a"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"\.$"):
        with_origin(REQUEST, text)


@pytest.mark.parametrize("name", ["Authorization", "cookie", "Proxy-Authorization"])
def test_an_edit_that_changes_where_a_request_goes_takes_its_credentials_out(name: str) -> None:
    request = Request("GET", Origin("http", "h", 5000), "/v2/", Headers.of(("Host", "h"), (name, "Bearer secret")))
    assert with_origin(request, "https://h:5000").headers == Headers.of(("Host", "h"))
    assert with_origin(request, "http://h:5000") == request


def test_a_credential_that_is_typed_with_the_new_place_goes_there() -> None:
    before = Request(
        "GET", Origin("http", "h", 5000), "/v2/", Headers.of(("Authorization", "Bearer old"), ("Cookie", "a=b"))
    )
    typed = replace(before, headers=before.headers.set("Authorization", "Bearer new"))
    assert with_origin(typed, "http://other:5000", before).headers == Headers.of(("Authorization", "Bearer new"))
