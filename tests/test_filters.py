"""The small language that picks exchanges."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import InputError
from explorer.filters import parse_filter
from explorer.model import Exchange, Failure, Headers, Origin, Request, Response
from tests.strategies import exchanges

ORIGIN = Origin("http", "registry.test", 5000)
REQUEST = Request("PATCH", ORIGIN, "/v2/a/blobs/uploads/4f?_state=x", Headers.of(("Content-Range", "0-9")))
ANSWER = Response(416, "R", "HTTP/1.1", Headers.of(("Location", "/v2/b")), b'{"errors":[{"code":"RANGE_INVALID"}]}')
ONE = Exchange(1, 0, "layer 1: send bytes", REQUEST, REQUEST, ANSWER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "~m patch",
        "~s 416",
        "~s 4xx",
        "~s 400-499",
        "~p UPLOADS",
        "~h content-range",
        "~h location",
        "~h 0-9",
        "~b RANGE_INVALID",
        "~t layer",
        '~t "layer 1"',
        "~x",
        "!~m PUT",
        "~m PATCH ~s 416",
        "~m PATCH & ~s 416",
        "~m PUT | ~s 416",
        "~s 200 | (~m PATCH & !~s 5xx)",
        "!(~m PUT | ~m GET)",
        "range_invalid",
        "416",
        "~m PUT ~s 200 | ~m PATCH",
    ],
)
def test_what_is_meant_is_picked(text: str) -> None:
    assert parse_filter(text)(ONE)


@pytest.mark.parametrize(
    "text",
    [
        *("~m PUT", "~s 200", "~s 2xx", "~p manifests", "~h etag", "~b nothing", "~t config", "~e", "!~x", "~edited"),
        *("~inferred", "~m PATCH ~s 200", "~m PUT | ~s 200", "!(~m PATCH)", "absent", "~m PATCH & !~x"),
    ],
)
def test_what_is_not_meant_is_not_picked(text: str) -> None:
    assert not parse_filter(text)(ONE)


def test_an_exchange_without_an_answer_is_picked_as_such() -> None:
    broken = replace(ONE, response=None, error=Failure("closed", "The registry closed the connection."))
    assert parse_filter("~e & ~x & ~s 0")(broken)
    assert parse_filter('"closed the connection"')(broken)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("~s abc", "is no status"),
        ("~q x", "is no operator"),
        ("~m", "needs a word"),
        ("~", "small letters"),
        ("(~x", "not closed"),
        ("~x |", "breaks off"),
        ("~x )", "cannot be read at ')'"),
        ('"open', "no partner"),
        ("!" * 60 + "~x", "nests more"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("(", r"\(").replace(")", r"\)")):
        parse_filter(text)


@given(st.text(alphabet='~ms()|&! "x4', max_size=20), exchanges())
def test_no_filter_is_too_odd(text: str, one: Exchange) -> None:
    try:
        picked = parse_filter(text)(one)
    except InputError:
        return
    assert picked in (True, False)
