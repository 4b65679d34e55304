"""What token services answer, and what tokens say that they grant."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.spec.tokens import granted_by, not_granted, read_token_answer


def jwt(claims: object) -> str:
    """Return an unsigned token with these claims."""
    return ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({}, claims, 1)
    )


@pytest.mark.parametrize("name", ["token", "access_token"])
def test_a_token_goes_by_either_name(name: str) -> None:
    found = read_token_answer(json.dumps({name: "abc", "expires_in": 60, "refresh_token": "r"}).encode())
    assert found is not None
    assert (found.token, found.expires_in, found.refresh_token, found.granted) == ("abc", 60, "r", None)


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"<html>", b'{"token":""}', b'{"token":5}', b'{"token":"a\\r\\nb"}']
)
def test_an_answer_without_a_token_that_can_be_sent_is_none(body: bytes) -> None:
    assert read_token_answer(body) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(300, 300), (-5, 0), (1e300, 315360000), (59.9, 59), ("300", None), (True, None), (None, None)],
)
def test_a_time_is_taken_within_reason(value: object, seconds: int | None) -> None:
    found = read_token_answer(json.dumps({"token": "a", "expires_in": value}).encode())
    assert found is not None
    assert found.expires_in == seconds


def test_what_is_granted_stands_in_the_answer_or_in_the_token() -> None:
    token = jwt({"access": [{"type": "repository", "name": "a/b", "actions": ["pull"]}]})
    assert granted_by(token) == ("repository:a/b:pull",)
    in_both = read_token_answer(json.dumps({"token": token, "scope": "repository:a/b:pull,push"}).encode())
    assert in_both is not None
    assert in_both.granted == ("repository:a/b:pull,push",)


@pytest.mark.parametrize(
    ("token", "granted"),
    [
        ("opaque", None),
        ("a.b.c", None),
        (jwt({"sub": "x"}), None),
        (jwt({"access": None}), ()),
        (jwt({"access": 5}), None),
    ],
)
def test_a_token_that_says_nothing_of_it_grants_nobody_knows_what(token: str, granted: tuple[str, ...] | None) -> None:
    assert granted_by(token) == granted


def test_what_is_not_granted_is_named_by_resource() -> None:
    wanted = ("repository:a:pull,push", "repository:b:pull", "registry:catalog:*")
    assert not_granted(wanted, ("repository:a:pull", "registry:catalog:*")) == (
        "repository:a:push",
        "repository:b:pull",
    )
    assert not_granted(wanted[:2], ("repository:a:*", "repository:b:pull")) == ()


@given(st.binary())
def test_any_body_is_read(body: bytes) -> None:
    read_token_answer(body)


@given(st.text())
def test_any_token_is_read(token: str) -> None:
    granted_by(token)


@given(
    st.recursive(
        st.none() | st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_claims_are_read(value: object) -> None:
    granted_by(jwt({"access": value}))
    granted_by(jwt(value))
