"""A request as one text for an editor of the user's own, and back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.editing import message_of, with_message
from explorer.model import Headers, Request
from tests.scripted import ORIGIN
from tests.strategies import requests

REQUEST = Request("PUT", ORIGIN, "/u", Headers.of(("Content-Length", "3")), b"abc")
BODIES = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]))


@given(requests, st.none() | BODIES)
def test_a_text_that_nobody_touched_is_the_same_request(request_: Request, body: str | None) -> None:
    assert with_message(request_, body, message_of(request_, body)) == request_


@given(BODIES)
def test_a_body_that_was_typed_is_the_body(body: str) -> None:
    assert with_message(REQUEST, "abc", message_of(REQUEST, body)).body == body.encode()


def test_the_line_feed_that_ends_the_file_is_no_part_of_the_body() -> None:
    assert message_of(REQUEST, "abc").endswith("\n\nabc\n")


@pytest.mark.parametrize("text", ["GET / HTTP/1.1", "GET / HTTP/1.1\n", "GET / HTTP/1.1\n\n", "GET / HTTP/1.1\n\n\n"])
def test_a_text_without_a_body_is_a_request_without_one(text: str) -> None:
    edited = with_message(REQUEST, "abc", text)
    assert (edited.method, edited.body) == ("GET", b"")


def test_what_is_typed_at_the_end_of_a_request_without_a_body_is_its_body() -> None:
    request = replace(REQUEST, body=b"")
    assert with_message(request, "", message_of(request, "") + "hello\n").body == b"hello"


def test_the_head_and_the_body_are_edited_together() -> None:
    edited = with_message(REQUEST, "abc", "PUT /x HTTP/1.1\nContent-Length: 3\n\nabcd\n")
    assert (edited.target, edited.headers.get("Content-Length"), edited.body) == ("/x", "4", b"abcd")
    pinned = with_message(REQUEST, "abc", "PUT /x HTTP/1.1\nContent-Length: 3\n\nabcd\n", is_pinned=True)
    assert pinned.headers.get("Content-Length") == "3"
