"""A target is taken apart and joined again byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.editing import Part, joined_target, parts_of

TARGETS = st.text(st.characters(max_codepoint=255) | st.sampled_from("?&=/%+;#"))


@given(TARGETS)
def test_the_pieces_of_any_target_join_to_the_same_target(target: str) -> None:
    assert joined_target(parts_of(target)) == target


@given(TARGETS)
def test_no_piece_has_a_sign_within(target: str) -> None:
    assert all("?" not in part.text and "&" not in part.text for part in parts_of(target))


@given(TARGETS)
def test_only_the_first_piece_has_no_sign(target: str) -> None:
    first, *rest = parts_of(target)
    assert not first.sign
    assert all(part.sign in ("?", "&") for part in rest)


@pytest.mark.parametrize(
    ("target", "parts"),
    [
        ("/v2/?a=%3D&b", (Part("", "/v2/"), Part("?", "a=%3D"), Part("&", "b"))),
        ("/u?a?b&&", (Part("", "/u"), Part("?", "a"), Part("?", "b"), Part("&", ""), Part("&", ""))),
        ("?", (Part("", ""), Part("?", ""))),
        ("", (Part("", ""),)),
    ],
)
def test_a_target_is_split_at_its_signs(target: str, parts: tuple[Part, ...]) -> None:
    assert parts_of(target) == parts
