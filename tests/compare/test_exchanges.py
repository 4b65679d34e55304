"""Two exchanges side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from explorer.compare import Comparison, compare_exchanges, compare_sessions, stretches
from explorer.model import Exchange, Headers, Origin, Request, Response, Unkept
from tests.strategies import exchanges

ORIGIN = Origin("http", "registry.test", 5000)
ONE_ID, TWO_ID = "2f219b1f-b8da-4cd8-98d1-5240d2592e88", "01a207ba-66b8-7ece-86d5-0e6d866e25d7"


def exchange(
    target: str = "/v2/", *headers: tuple[str, str], status: int = 200, body: bytes = b"", id: int = 1
) -> Exchange:
    """Return an exchange with that answer."""
    request = Request("GET", ORIGIN, target)
    return Exchange(id, id - 1, "step", request, request, Response(status, "R", "HTTP/1.1", Headers.of(*headers), body))


def wheres(comparison: Comparison) -> list[tuple[str, bool]]:
    """Return where things differ, and whether that matters."""
    return [(difference.where, not difference.passes) for difference in comparison.differences]


@given(exchanges())
def test_an_exchange_is_the_same_as_itself(one: Exchange) -> None:
    assert compare_exchanges(one, one).differences == ()
    assert compare_exchanges(one, one).verdict == "They are the same."


@given(exchanges(), exchanges())
def test_no_two_exchanges_are_too_odd(one: Exchange, two: Exchange) -> None:
    assert compare_exchanges(one, two).verdict.endswith(".")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (exchange(f"/v2/a/blobs/uploads/{ONE_ID}?_state=abc"), exchange(f"/v2/a/blobs/uploads/{TWO_ID}?_state=xyz")),
        (exchange("/", ("Date", "Tue, 24 Nov 2026 03:00:00 GMT")), exchange("/", ("date", "x"))),
        (exchange("/", ("Docker-Upload-UUID", ONE_ID)), exchange("/", ("Docker-Upload-UUID", TWO_ID))),
        (exchange(body=b'{"token":"a","expires_in":1}'), exchange(body=b'{"token":"b","expires_in":2}')),
    ],
)
def test_ids_dates_and_tokens_pass(left: Exchange, right: Exchange) -> None:
    comparison = compare_exchanges(left, right)
    assert comparison.differences
    assert comparison.real == ()


@pytest.mark.parametrize(
    ("left", "right", "where"),
    [
        (exchange(status=202), exchange(status=404), "status"),
        (exchange("/v2/a/"), exchange("/v2/b/"), "target"),
        (exchange("/", ("Range", "0-4")), exchange("/", ("Range", "0-5")), "answer's header Range"),
        (exchange("/", ("Range", "0-4")), exchange("/"), "answer's header Range"),
        (exchange(body=b'{"a":{"b":[1,2]}}'), exchange(body=b'{"a":{"b":[1,3]}}'), "answer's body /a/b/1"),
        (exchange(body=b'{"a":true}'), exchange(body=b'{"a":1}'), "answer's body /a"),
        (exchange(body=b'{"a": 1}'), exchange(body=b'{"a":1}'), "answer's body"),
        (exchange(body=b"one\ntwo"), exchange(body=b"one\nthree"), "answer's body line 2"),
        (exchange(body=b"\xff\x00"), exchange(body=b"\xff\x01"), "answer's body"),
        (
            exchange("/", ("WWW-Authenticate", "Basic realm=x")),
            exchange("/", ("WWW-Authenticate", "Bearer realm=x")),
            "answer's header WWW-Authenticate",
        ),
    ],
)
def test_what_matters_is_told(left: Exchange, right: Exchange, where: str) -> None:
    assert wheres(compare_exchanges(left, right)) == [(where, True)]


def test_credentials_of_another_scheme_matter() -> None:
    def with_authorization(value: str) -> Exchange:
        one = exchange()
        return replace(one, request=replace(one.request, headers=Headers.of(("Authorization", value))))

    basic, bearer, other = map(with_authorization, ("Basic abc", "Bearer abc", "Bearer xyz"))
    assert compare_exchanges(bearer, other).real == ()
    assert compare_exchanges(basic, bearer).real


def test_big_bodies_are_compared_by_their_hashes() -> None:
    def of(digest: str) -> Exchange:
        one = exchange()
        assert one.response
        return replace(one, response=replace(one.response, body=Unkept(10**9, digest * 64)))

    assert compare_exchanges(of("a"), of("a")).differences == ()
    assert wheres(compare_exchanges(of("a"), of("b"))) == [("answer's body", True)]


def test_the_order_of_headers_does_not_count_but_that_of_repeats_does() -> None:
    left = exchange("/", ("A", "1"), ("Link", "x"), ("Link", "y"))
    assert compare_exchanges(left, exchange("/", ("Link", "x"), ("Link", "y"), ("A", "1"))).differences == ()
    assert compare_exchanges(left, exchange("/", ("A", "1"), ("Link", "y"), ("Link", "x"))).real


def test_a_text_is_told_apart_within() -> None:
    found = [(s.kind, s.text) for s in stretches("/v2/a?digest=1", "/v2/a&digest=1")]
    assert found == [("same", "/v2/a"), ("removed", "?"), ("added", "&"), ("same", "digest=1")]


@given(exchanges(), exchanges())
def test_stretches_hold_both_texts(one: Exchange, two: Exchange) -> None:
    left, right = one.request.target * 30, two.request.target * 30
    parts = stretches(left, right)
    assert "".join(part.text for part in parts if part.kind != "added") == left
    assert "".join(part.text for part in parts if part.kind != "removed") == right


def test_sessions_that_went_alike_say_so() -> None:
    left = [exchange(f"/v2/a/blobs/uploads/{ONE_ID}"), exchange("/v2/a/tags/list", id=2)]
    right = [exchange(f"/v2/a/blobs/uploads/{TWO_ID}"), exchange("/v2/a/tags/list", id=2)]
    assert compare_sessions(left, right).verdict == "The 2 exchanges went the same way."


def test_an_exchange_more_on_one_side_has_no_partner() -> None:
    left = [exchange("/a"), exchange("/b", id=2), exchange("/c", id=3)]
    right = [exchange("/a"), exchange("/c", status=500, id=2)]
    compared = compare_sessions(left, right)
    assert [(bool(pair.left), bool(pair.right)) for pair in compared.pairs] == [
        (True, True),
        (True, False),
        (True, True),
    ]
    assert compared.verdict == "1 of 2 pairs differ, 1 is on the left only. The first difference is at exchange 2."
