"""Digests: algorithm and lower-case hex."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import InputError
from explorer.spec.digests import EMPTY_BLOB, EMPTY_JSON, digest_of, is_digest, parse_digest, why_not_a_digest


@pytest.mark.parametrize(("data", "digest"), [(b"", EMPTY_BLOB), (b"{}", EMPTY_JSON)])
def test_the_digests_that_everybody_knows_are_right(data: bytes, digest: str) -> None:
    assert digest_of(data) == digest


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("abc", "no algorithm"),
        (f"SHA256:{'a' * 64}", "not written"),
        (f"md5:{'a' * 32}", "not sha256 or sha512"),
        (f"sha256:{'a' * 63}", "this has 63"),
        (f"sha256:{'A' * 64}", "lower-case"),
        (f"sha256:{'a' * 64}\n", "not written"),
        ("sha256:../../etc/passwd", "not written"),
    ],
)
def test_what_is_no_digest_is_told_why(text: str, why: str) -> None:
    assert why in why_not_a_digest(text)


@given(st.binary(), st.sampled_from(["sha256", "sha512"]))
def test_a_computed_digest_is_one(data: bytes, algorithm: str) -> None:
    assert parse_digest(digest_of(data, algorithm))[0] == algorithm


@given(st.text())
def test_any_text_is_a_digest_or_not(text: str) -> None:
    assert is_digest(text) is (why_not_a_digest(text) == "")


def test_a_wrong_digest_is_refused_with_the_text_seen() -> None:
    with pytest.raises(InputError, match="'sha256:12' is not a digest"):
        parse_digest("sha256:12")
