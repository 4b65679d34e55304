from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.decoders.upload_state import read_token
from explorer.practice.tokens import BadToken, check, first_bad_byte, sign

_UUID = "01a207ba-66b8-7ece-86d5-0e6d866e25d7"
_VECTORS = {
    "zT-3lzU8wztouYpbMOElq49_KQG0qJSlGt3NsjxQbPB7Ik5hbWUiOiJ0L3IiLCJVVUlEIjoiMDFhMjA3YmEtNjZiOC03ZWNlLTg2ZDUtMGU2ZDg2NmUy"
    "NWQ3IiwiT2Zmc2V0IjowLCJTdGFydGVkQXQiOiIyMDI2LTExLTIzVDA5OjI2OjI2LjIzMjk3MDk0OFoifQ==": (
        0,
        "2026-11-23T09:26:26.232970948Z",
    ),
    "f5MIls1k2m7MazThN7l_fNZdI48D8mWsCejBOK0WSg17Ik5hbWUiOiJ0L3IiLCJVVUlEIjoiMDFhMjA3YmEtNjZiOC03ZWNlLTg2ZDUtMGU2ZDg2NmUy"
    "NWQ3IiwiT2Zmc2V0Ijo1LCJTdGFydGVkQXQiOiIyMDI2LTExLTIzVDA5OjI2OjI2WiJ9": (5, "2026-11-23T09:26:26Z"),
}


@pytest.mark.parametrize("token", _VECTORS)
def test_tokens_of_distribution_are_signed_alike(token: str) -> None:
    offset, started_at = _VECTORS[token]
    assert sign(b"aaa", "t/r", _UUID, offset, started_at) == token
    state = check(b"aaa", token)
    assert (state.name, state.uuid, state.offset, state.started_at) == ("t/r", _UUID, offset, started_at)


@pytest.mark.parametrize("token", ["", "AAAA", *(f"{token[:-8]}AAAAAAAA" for token in _VECTORS)])
def test_a_token_that_is_short_or_changed_has_an_invalid_secret(token: str) -> None:
    with pytest.raises(BadToken, match="invalid secret"):
        check(b"aaa", token)


def test_a_token_of_another_secret_is_refused() -> None:
    with pytest.raises(BadToken, match="invalid secret"):
        check(b"bbb", next(iter(_VECTORS)))


@pytest.mark.parametrize(
    ("encoded", "index"),
    [
        ("AAAA?digest=x", 4),
        ("AA==?digest=x", 4),
        ("AAA=x", 4),
        ("AAAAAA", 4),
        ("AAAAA", 4),
        ("abc", 0),
        ("AA%3D%3D", 2),
        ("AA=", 3),
        ("AA=x", 2),
        ("A=", 1),
        ("=", 0),
        ("AA AA", 2),
        ("AA\n==\n", None),
        ("AAAA", None),
        ("", None),
    ],
)
def test_the_first_bad_byte_is_the_one_that_go_names(encoded: str, index: int | None) -> None:
    assert first_bad_byte(encoded.encode()) == index


@given(st.binary(min_size=1), st.from_regex(r"[a-z0-9/]{1,80}", fullmatch=True), st.integers(0, 2**62))
def test_what_is_signed_is_read_back(secret: bytes, name: str, offset: int) -> None:
    token = sign(secret, name, _UUID, offset, "2026-11-23T09:26:26Z")
    state = check(secret, token)
    assert state == read_token(token)
    assert (state.name, state.offset) == (name, offset)
    raw = base64.urlsafe_b64decode(token)
    assert hmac.new(secret, raw[32:], hashlib.sha256).digest() == raw[:32]


@given(st.text(st.characters(max_codepoint=255), max_size=80))
def test_no_token_fails_otherwise_than_by_being_refused(token: str) -> None:
    with pytest.raises(BadToken):
        check(b"aaa", token)
