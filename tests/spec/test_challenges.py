"""Challenges as registries write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.model import Headers
from explorer.spec.challenges import Challenge, joined_scopes, parse_challenges, why_unreadable


def parsed(*values: str) -> tuple[Challenge, ...]:
    """Return the challenges of fields with these values."""
    return parse_challenges(Headers.of(*(("www-authenticate", value) for value in values)))


def test_commas_within_quotes_part_nothing() -> None:
    found = parsed('Bearer realm="https://a/t",service="s",scope="repository:a:pull,push repository:b:pull"')
    assert found[0].scopes == ("repository:a:pull,push", "repository:b:pull")
    assert found[0].get("service") == "s"


@pytest.mark.parametrize("values", [('Basic realm="x", Bearer realm="y"',), ('Basic realm="x"', 'Bearer realm="y"')])
def test_several_challenges_stand_in_one_field_or_in_several(values: tuple[str, ...]) -> None:
    assert [(one.scheme, one.get("realm")) for one in parsed(*values)] == [("basic", "x"), ("bearer", "y")]


def test_escaped_quotes_belong_to_the_value() -> None:
    assert parsed(r'Basic realm="a \"b\" c"')[0].get("realm") == 'a "b" c'


@pytest.mark.parametrize("value", ["Basic", "Basic realm=x", "basic  realm = x", "Negotiate YWJj, Basic realm=x"])
def test_odd_forms_are_read(value: str) -> None:
    assert parsed(value)[-1].scheme == "basic"


def test_scopes_are_joined_as_sets() -> None:
    wanted = joined_scopes(("repository:a:push,pull",), ("repository:a:pull", "repository:b:pull"))
    assert wanted == ("repository:a:pull,push", "repository:b:pull")


@given(st.binary().map(lambda raw: raw.decode("latin-1")))
def test_nothing_makes_it_raise(value: str) -> None:
    for challenge in parsed(value):
        assert challenge.scheme == challenge.scheme.lower()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((), "has no WWW-Authenticate"),
        (('="x"',), "is no challenge"),
        (("",), "is no challenge"),
        ((", ,",), "is no challenge"),
        (("Hello",), "is no challenge"),
    ],
)
def test_what_is_no_challenge_is_a_sentence(values: tuple[str, ...], words: str) -> None:
    headers = Headers.of(*(("WWW-Authenticate", value) for value in values))
    assert words in why_unreadable(headers)


@pytest.mark.parametrize("value", ["Basic", 'Bearer realm="x"', "Negotiate YWJj", 'X, Bearer realm="y'])
def test_what_can_be_answered_or_named_is_a_challenge(value: str) -> None:
    assert why_unreadable(Headers.of(("WWW-Authenticate", value))) == ""


def test_a_token_in_the_place_of_parameters_is_kept() -> None:
    assert parsed("Negotiate YWJj==, Basic realm=x")[0].token68 == "YWJj=="
